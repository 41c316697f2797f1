using DevSidecar;
using Forewarn.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Forewarn.Testing;

/// <summary>The dev-sidecar with everything in memory, and apps on real ports beside it.</summary>
public sealed class SidecarRig : IAsyncDisposable
{
    readonly SidecarRuntime _runtime;
    readonly List<SidecarApp> _apps = [];

    SidecarRig(SidecarRuntime runtime, string directory)
    {
        _runtime = runtime;
        Directory = directory;
    }

    public string Directory { get; }

    /// <summary>Where the binding keeps model files.</summary>
    public string ModelFiles => Path.Combine(Directory, "models");

    /// <param name="more">Further components.</param>
    public static Task<SidecarRig> StartAsync(params string[] more) => StartAsync([], more);

    /// <param name="environment">What components read with <c>envRef</c>.</param>
    /// <param name="more">Further components.</param>
    public static Task<SidecarRig> StartAsync(Dictionary<string, string> environment, params string[] more) =>
        StartAsync(Component("telemetry", "pubsub.in-memory"), environment, more);

    /// <summary>With telemetry on Kafka, as in <c>components/telemetry.yaml</c>, quicker to join.</summary>
    /// <param name="brokers"><c>host:port</c>.</param>
    public static Task<SidecarRig> StartOnKafkaAsync(string brokers) => StartAsync(
        Component("telemetry", "pubsub.kafka", ("brokers", brokers), ("authType", "none"), ("disableTls", "true"), ("consumerGroup", "{appID}-telemetry"),
            ("initialOffset", "oldest"), ("heartbeatInterval", "200ms"), ("sessionTimeout", "6s"), ("version", "3.6.0.0")),
        [], []);

    static async Task<SidecarRig> StartAsync(string telemetry, Dictionary<string, string> environment, string[] more)
    {
        var directory = Path.Combine(Path.GetTempPath(), $"forewarn-rig-{Guid.NewGuid():N}");
        var resources = Path.Combine(directory, "components");
        System.IO.Directory.CreateDirectory(resources);
        await File.WriteAllTextAsync(Path.Combine(resources, "components.yaml"), string.Join("\n---\n",
            telemetry,
            Component("alerts", "pubsub.in-memory"),
            Component("broadcast", "pubsub.in-memory"),
            Component("statestore", "state.in-memory", ("actorStateStore", "true")),
            Component("schemas", "state.in-memory", ("keyPrefix", "name")),
            string.Join("\n---\n", [Component("model-store", "bindings.localstorage", ("rootPath", Path.Combine(directory, "models"))), .. more])));
        var runtime = await SidecarRuntime.StartAsync(new SidecarRuntimeOptions
        {
            ResourcesPaths = [resources],
            DataDirectory = Path.Combine(directory, "log"),
            Environment = environment,
        });
        return new SidecarRig(runtime, directory);
    }

    /// <summary>Starts an app on the service defaults and gives it a sidecar.</summary>
    public async Task<SidecarApp> AddAsync(string appId, Action<WebApplicationBuilder> add, Action<WebApplication> map, params string[] args)
    {
        var port = FreePorts.Next();
        var sidecar = await _runtime.AddAppAsync(new AppRegistration { AppId = appId, AppPort = port });
        var builder = ServiceHost.Create(
            [$"--APP_PORT={port}", $"--DAPR_HTTP_PORT={sidecar.HttpPort}", $"--DAPR_GRPC_PORT={sidecar.GrpcPort}", .. args], appId);
        add(builder);
        var app = builder.Build();
        app.MapServiceDefaults();
        map(app);
        await app.StartAsync();
        var running = new SidecarApp(app, sidecar, new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") });
        _apps.Add(running);
        await Eventually.Async($"{appId} to be reached by its sidecar", TimeSpan.FromSeconds(60), () => Task.FromResult(sidecar.State == AppSidecarState.Ready));
        return running;
    }

    /// <summary>A sidecar for an app that runs, or will run, in a process of its own.</summary>
    public Task<AppSidecar> AddProcessAsync(string appId, int port) => _runtime.AddAppAsync(new AppRegistration { AppId = appId, AppPort = port });

    public async Task RemoveAsync(SidecarApp app)
    {
        _apps.Remove(app);
        await app.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var app in _apps)
            await app.DisposeAsync();
        await _runtime.DisposeAsync();
        System.IO.Directory.Delete(Directory, recursive: true);
    }

    public static string Component(string name, string type, params (string Name, string Value)[] metadata) => $"""
        apiVersion: dapr.io/v1alpha1
        kind: Component
        metadata:
          name: {name}
        spec:
          type: {type}
          version: v1
          metadata: [{string.Join(", ", metadata.Select(item => $"{{name: {item.Name}, value: \"{item.Value}\"}}"))}]
        """;
}

/// <summary>An app and its sidecar.</summary>
public sealed record SidecarApp(WebApplication App, AppSidecar Sidecar, HttpClient Http) : IAsyncDisposable
{
    public T Service<T>()
        where T : notnull => App.Services.GetRequiredService<T>();

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await App.StopAsync();
        await App.DisposeAsync();
        await Sidecar.DisposeAsync();
    }
}
