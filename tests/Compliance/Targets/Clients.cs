using Dapr.Client;

namespace Forewarn.Compliance;

/// <summary>The clients of one world, which end with it.</summary>
sealed class Clients : IDisposable
{
    readonly List<IDisposable> _clients = [];

    public DaprClient Dapr(ISidecar sidecar, string? token)
    {
        var builder = new DaprClientBuilder()
            .UseHttpEndpoint($"http://localhost:{sidecar.HttpPort}")
            .UseGrpcEndpoint($"http://localhost:{sidecar.GrpcPort}");
        var client = (token is null ? builder : builder.UseDaprApiToken(token)).Build();
        _clients.Add(client);
        return client;
    }

    public HttpClient Http(ISidecar sidecar)
    {
        var client = new HttpClient { BaseAddress = new($"http://127.0.0.1:{sidecar.HttpPort}") };
        _clients.Add(client);
        return client;
    }

    public void Dispose() => _clients.ForEach(c => c.Dispose());
}
