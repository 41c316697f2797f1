using System.Globalization;
using Forewarn.Contracts;
using Forewarn.Hosting;
using Grpc.Core.Interceptors;
using Grpc.Net.Client;

namespace Forewarn.Testing;

/// <summary>Publishes detections as the predictor does, through its own sidecar of a running platform.</summary>
public sealed class DetectionDoor : IDisposable
{
    readonly GrpcChannel _channel;
    readonly KeyedPublisher _publisher;

    DetectionDoor(GrpcChannel channel, KeyedPublisher publisher) => (_channel, _publisher) = (channel, publisher);

    /// <summary>Ports and token are drawn anew for each run; the process that uses them knows them.</summary>
    public static async Task<DetectionDoor> OpenAsync(Platform platform)
    {
        ArgumentNullException.ThrowIfNull(platform);
        var status = await platform.LocalStatusAsync();
        var pid = status.GetProperty("services").EnumerateArray()
            .Single(service => service.GetProperty("name").GetString() == Apps.Predictor).GetProperty("pid").GetInt32();
        var environment = (await File.ReadAllTextAsync(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/environ"))).Split('\0')
            .Select(line => line.Split('=', 2)).Where(pair => pair.Length == 2).ToDictionary(pair => pair[0], pair => pair[1], StringComparer.Ordinal);
        var channel = GrpcChannel.ForAddress($"http://127.0.0.1:{environment["DAPR_GRPC_PORT"]}");
        var calls = channel.CreateCallInvoker();
        if (environment.TryGetValue("DAPR_API_TOKEN", out var token))
            calls = channel.Intercept(metadata => { metadata.Add("dapr-api-token", token); return metadata; });
        return new DetectionDoor(channel, new KeyedPublisher(new Dapr.Client.Autogen.Grpc.v1.Dapr.DaprClient(calls)));
    }

    public Task PublishAsync(IEnumerable<Detection> detections, CancellationToken cancellationToken = default) => _publisher.PublishAsync(
        Components.Alerts, Topics.Detections,
        [.. detections.Select(detection => new Outgoing<Detection>(detection.Entity, detection.Id, detection))],
        ContractJson.Default.Detection, cancellationToken);

    public void Dispose() => _channel.Dispose();
}
