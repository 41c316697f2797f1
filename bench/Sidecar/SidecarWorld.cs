using DevSidecar;
using Grpc.Net.Client;
using DaprService = Dapr.Client.Autogen.Grpc.v1.Dapr;

namespace Forewarn.Bench.Sidecar;

/// <summary>A runtime with a durable log, an app behind it and a client before it.</summary>
sealed class SidecarWorld : IAsyncDisposable
{
    const string Components = """
        apiVersion: dapr.io/v1alpha1
        kind: Component
        metadata: { name: ps }
        spec:
          type: pubsub.kafka
          version: v1
          metadata:
          - { name: brokers, value: "" }
          - { name: authType, value: none }
          - { name: initialOffset, value: oldest }
        ---
        apiVersion: dapr.io/v1alpha1
        kind: Component
        metadata: { name: store }
        spec:
          type: state.in-memory
          version: v1
          metadata: [{ name: actorStateStore, value: "true" }]
        """;

    readonly string _folder;
    readonly SidecarRuntime _runtime;
    readonly GrpcChannel _channel;
    readonly HttpClient _http;

    SidecarWorld(string folder, SidecarRuntime runtime, Receiver receiver, AppSidecar sidecar)
    {
        (_folder, _runtime, Receiver) = (folder, runtime, receiver);
        _channel = GrpcChannel.ForAddress($"http://127.0.0.1:{sidecar.GrpcPort}");
        _http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{sidecar.HttpPort}") };
        Dapr = new DaprService.DaprClient(_channel);
    }

    public Receiver Receiver { get; }

    public DaprService.DaprClient Dapr { get; }

    public static async Task<SidecarWorld> StartAsync()
    {
        var folder = Directory.CreateTempSubdirectory("forewarn-bench-sidecar-").FullName;
        var resources = Directory.CreateDirectory(Path.Combine(folder, "components")).FullName;
        await File.WriteAllTextAsync(Path.Combine(resources, "components.yaml"), Components);
        var runtime = await SidecarRuntime.StartAsync(new SidecarRuntimeOptions
        {
            ResourcesPaths = [resources],
            DataDirectory = Path.Combine(folder, "data"),
            Environment = new Dictionary<string, string>(StringComparer.Ordinal),
        });
        var receiver = await Receiver.StartAsync();
        var sidecar = await runtime.AddAppAsync(new AppRegistration { AppId = "bench", AppPort = receiver.Port });
        await Testing.Eventually.Async("the sidecar has found its app", TimeSpan.FromSeconds(30), () => Task.FromResult(sidecar.State == AppSidecarState.Ready));
        return new SidecarWorld(folder, runtime, receiver, sidecar);
    }

    /// <summary>Publishes and waits until the app has all of it, in however many deliveries; the last of them.</summary>
    public async Task<Delivery> DeliverAsync<T>(Func<Grpc.Core.AsyncUnaryCall<T>> publish, int events)
    {
        var all = Receiver.Received + events;
        await publish();
        await Receiver.UntilAsync(all);
        return Receiver.Last!;
    }

    public async Task CallActorAsync(HttpContent body)
    {
        using var response = await _http.PutAsync($"/v1.0/actors/{Receiver.ActorType}/1/method/call", body);
        response.EnsureSuccessStatusCode();
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        _channel.Dispose();
        await _runtime.DisposeAsync();
        await Receiver.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
