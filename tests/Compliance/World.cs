using Dapr.Client;
using DevSidecar;
using Microsoft.Extensions.Logging;

namespace Forewarn.Compliance;

/// <summary>The sidecars of one test in a runtime with its own folders, in this process.</summary>
public sealed class World : IWorld
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
    readonly Clients _clients = new();
    readonly List<LocalSidecar> _sidecars = [];
    readonly Func<SidecarRuntimeOptions, SidecarRuntimeOptions> _adjust;
    readonly IReadOnlyDictionary<string, string> _environment;

    World(IReadOnlyDictionary<string, string>? environment, Func<SidecarRuntimeOptions, SidecarRuntimeOptions>? adjust) =>
        (_environment, _adjust) = (environment ?? new Dictionary<string, string>(), adjust ?? (o => o));

    public SidecarRuntime Runtime { get; private set; } = null!;

    public string Resources => Path.Combine(_folder, "components");

    public string DataDirectory => Path.Combine(_folder, "data");

    public static async Task<World> StartAsync(string yaml = Standard, IReadOnlyDictionary<string, string>? environment = null, Func<SidecarRuntimeOptions, SidecarRuntimeOptions>? adjust = null)
    {
        var world = new World(environment, adjust);
        Directory.CreateDirectory(world.Resources);
        await File.WriteAllTextAsync(Path.Combine(world.Resources, "components.yaml"), yaml);
        await world.StartRuntimeAsync();
        return world;
    }

    public async Task StartRuntimeAsync() => Runtime = await SidecarRuntime.StartAsync(_adjust(new()
    {
        ResourcesPaths = [Resources],
        DataDirectory = DataDirectory,
        Environment = _environment,
        LoggerFactory = LoggerFactory.Create(b => b.AddProvider(new OutputLoggerProvider())),
    }));

    public async Task RestartAsync()
    {
        await Runtime.DisposeAsync();
        await StartRuntimeAsync();
        foreach (var sidecar in _sidecars)
        {
            await sidecar.StartAsync();
        }
    }

    public Task<ISidecar> AddAsync(string appId, ProbeApp app, string? token = null, string? appToken = null) => AddAsync(
        new() { AppId = appId, AppPort = app.Port, HttpPort = app.SidecarPort, DaprApiToken = token, AppApiToken = appToken }, ready: true);

    public Task<ISidecar> AddEarlyAsync(string appId, int appPort) => AddAsync(new() { AppId = appId, AppPort = appPort }, ready: false);

    public Task<ISidecar> AddClientAsync(string appId = "client", string? token = null) =>
        AddAsync(new() { AppId = appId, AppPort = 0, DaprApiToken = token }, ready: true);

    public DaprClient Client(ISidecar sidecar, string? token = null) => _clients.Dapr(sidecar, token);

    public HttpClient Http(ISidecar sidecar) => _clients.Http(sidecar);

    public async ValueTask DisposeAsync()
    {
        _clients.Dispose();
        await Runtime.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    async Task<ISidecar> AddAsync(AppRegistration registration, bool ready)
    {
        var sidecar = new LocalSidecar(this, registration);
        _sidecars.Add(sidecar);
        await (ready ? sidecar.StartAsync() : sidecar.AddAsync());
        return sidecar;
    }

    sealed class LocalSidecar(World world, AppRegistration registration) : ISidecar
    {
        AppRegistration _registration = registration;
        AppSidecar? _sidecar;

        public string AppId => _registration.AppId;

        public int HttpPort => _registration.HttpPort;

        public int GrpcPort => _registration.GrpcPort;

        public int MetricsPort => HttpPort;

        public async Task AddAsync()
        {
            _sidecar = await world.Runtime.AddAppAsync(_registration);
            _registration = _registration with { HttpPort = _sidecar.HttpPort, GrpcPort = _sidecar.GrpcPort };
        }

        public async Task StartAsync()
        {
            await AddAsync();
            await Eventually.TrueAsync(() => _sidecar!.State == AppSidecarState.Ready, $"{AppId} ready");
        }

        public async Task StopAsync()
        {
            await world.Runtime.BlockShutdownAsync();
            await _sidecar!.DisposeAsync();
        }
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
