using Dapr.Client;
using DevSidecar;
using Microsoft.Extensions.Logging;

namespace Forewarn.Compliance;

/// <summary>A runtime with its own folders, and clients of the unmodified SDK.</summary>
public sealed class World : IAsyncDisposable
{
    public const string Standard = """
        apiVersion: dapr.io/v1alpha1
        kind: Component
        metadata: { name: ps }
        spec:
          type: pubsub.kafka
          version: v1
          metadata:
          - { name: brokers, envRef: KAFKA_BROKERS }
          - { name: authType, value: none }
          - { name: initialOffset, value: oldest }
          - { name: backOffDuration, value: 50ms }
        ---
        apiVersion: dapr.io/v1alpha1
        kind: Component
        metadata: { name: store }
        spec:
          type: state.in-memory
          version: v1
          metadata:
          - { name: actorStateStore, value: "true" }
        """;

    readonly string _folder = Directory.CreateTempSubdirectory("compliance").FullName;
    readonly List<IDisposable> _clients = [];
    readonly Func<SidecarRuntimeOptions, SidecarRuntimeOptions> _adjust;

    World(Func<SidecarRuntimeOptions, SidecarRuntimeOptions>? adjust) => _adjust = adjust ?? (o => o);

    public SidecarRuntime Runtime { get; private set; } = null!;

    public string Resources => Path.Combine(_folder, "components");

    public string DataDirectory => Path.Combine(_folder, "data");

    public static async Task<World> StartAsync(string yaml = Standard, IReadOnlyDictionary<string, string>? environment = null, Func<SidecarRuntimeOptions, SidecarRuntimeOptions>? adjust = null)
    {
        var world = new World(adjust);
        Directory.CreateDirectory(world.Resources);
        await File.WriteAllTextAsync(Path.Combine(world.Resources, "components.yaml"), yaml);
        await world.StartRuntimeAsync(environment);
        return world;
    }

    public async Task StartRuntimeAsync(IReadOnlyDictionary<string, string>? environment = null) => Runtime = await SidecarRuntime.StartAsync(_adjust(new()
    {
        ResourcesPaths = [Resources],
        DataDirectory = DataDirectory,
        Environment = environment ?? new Dictionary<string, string>(),
        LoggerFactory = LoggerFactory.Create(b => b.AddProvider(new OutputLoggerProvider())),
    }));

    /// <summary>Gives the app a sidecar and waits until it is ready.</summary>
    public async Task<AppSidecar> AddAsync(string appId, ProbeApp app, string? token = null)
    {
        var sidecar = await Runtime.AddAppAsync(new() { AppId = appId, AppPort = app.Port, HttpPort = app.SidecarPort, DaprApiToken = token });
        await Eventually.TrueAsync(() => sidecar.State == AppSidecarState.Ready, $"{appId} ready");
        return sidecar;
    }

    /// <summary>A sidecar without an app.</summary>
    public Task<AppSidecar> AddClientAsync(string appId = "client", string? token = null) =>
        Runtime.AddAppAsync(new() { AppId = appId, AppPort = 0, DaprApiToken = token });

    public DaprClient Client(AppSidecar sidecar, string? token = null)
    {
        var builder = new DaprClientBuilder()
            .UseHttpEndpoint($"http://localhost:{sidecar.HttpPort}")
            .UseGrpcEndpoint($"http://localhost:{sidecar.GrpcPort}");
        var client = (token is null ? builder : builder.UseDaprApiToken(token)).Build();
        _clients.Add(client);
        return client;
    }

    public HttpClient Http(AppSidecar sidecar)
    {
        var client = new HttpClient { BaseAddress = new($"http://127.0.0.1:{sidecar.HttpPort}") };
        _clients.Add(client);
        return client;
    }

    public async ValueTask DisposeAsync()
    {
        _clients.ForEach(c => c.Dispose());
        await Runtime.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    sealed class OutputLoggerProvider : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                TestContext.Current.TestOutputHelper?.WriteLine($"{logLevel}: {formatter(state, exception)} {exception}");
            }
        }

        public void Dispose()
        {
        }
    }
}
