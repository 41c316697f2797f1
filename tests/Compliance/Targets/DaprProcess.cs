using System.Net;
using DevSidecar;

namespace Forewarn.Compliance;

/// <summary>A daprd. Its lines become output of the test when it ends.</summary>
sealed class DaprProcess(string program, string appId, int appPort, int httpPort) : ISidecar
{
    readonly int _internalPort = FreePorts.Next();
    TestProcess? _process;

    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    public required string[] Options { get; init; }

    public string AppId => appId;

    public int HttpPort => httpPort;

    public int GrpcPort { get; } = FreePorts.Next();

    public int MetricsPort { get; } = FreePorts.Next();

    /// <summary>Until the API answers, which is before the app must.</summary>
    public async Task StartEarlyAsync()
    {
        string[] known = await DaprControlPlane.KnownAsync(program, [("dapr-listen-addresses", "127.0.0.1")]);
        _process = new TestProcess(
            program,
            Environment,
            [
                "--app-id", appId, .. appPort == 0 ? [] : new[] { "--app-port", $"{appPort}" }, "--dapr-http-port", $"{httpPort}", "--dapr-grpc-port", $"{GrpcPort}",
                "--dapr-internal-grpc-port", $"{_internalPort}", "--metrics-port", $"{MetricsPort}", .. Options, .. known,
            ]);
        await HealthyAsync("/v1.0/healthz/outbound");
    }

    public async Task StartAsync()
    {
        await StartEarlyAsync();
        await HealthyAsync("/v1.0/healthz");
        if (await HostsActorsAsync())
        {
            // Healthy comes before the placement has told where actors live.
            using var http = Http();
            http.DefaultRequestHeaders.Add("dapr-api-token", Environment["DAPR_API_TOKEN"]);
            await EventuallyAsync(async () => (await http.GetStringAsync("/v1.0/metadata")).Contains("\"hostReady\":true", StringComparison.Ordinal), "hosts actors");
        }
    }

    public async Task StopAsync()
    {
        if (_process is { } process)
        {
            _process = null;
            await process.EndAsync();
            TestContext.Current.TestOutputHelper?.WriteLine($"daprd of {appId}:\n{process.Output}");
            await process.DisposeAsync();
        }
    }

    async Task HealthyAsync(string path)
    {
        using var http = Http();
        await EventuallyAsync(async () => (await http.GetAsync(path)).StatusCode == HttpStatusCode.NoContent, $"answers 204 to {path}");
    }

    async Task<bool> HostsActorsAsync()
    {
        if (appPort == 0)
        {
            return false;
        }

        using var app = new HttpClient { BaseAddress = new($"http://127.0.0.1:{appPort}") };
        return await AppDeclarations.HostsActorsAsync(app);
    }

    Task EventuallyAsync(Func<Task<bool>> condition, string what) => Eventually.TrueAsync(
        async () =>
        {
            try
            {
                return await condition();
            }
            catch (HttpRequestException e)
            {
                if (_process is { HasEnded: true } process)
                {
                    throw new InvalidOperationException($"daprd of {appId} ended with {await process.ExitAsync()}: {process.Output}", e);
                }

                return false;
            }
        },
        () => $"daprd of {appId} {what}: {_process?.Output}", 60);

    HttpClient Http() => new() { BaseAddress = new($"http://127.0.0.1:{httpPort}") };
}
