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

    public static async Task<DetectionDoor> OpenAsync(Platform platform)
    {
        ArgumentNullException.ThrowIfNull(platform);
        var environment = await platform.EnvironmentAsync(Apps.Predictor);
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

    /// <summary>Puts something on any topic, as nobody who means well would.</summary>
    public Task PublishAsync<T>(string component, string topic, Outgoing<T> message, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type) =>
        _publisher.PublishAsync(component, topic, message, type, CancellationToken.None);

    public void Dispose() => _channel.Dispose();
}
