using System.Collections;
using DevSidecar.Actors;
using DevSidecar.Admin;
using DevSidecar.Apps;
using DevSidecar.Components;
using DevSidecar.DurableLog;
using DevSidecar.PubSub;
using DevSidecar.Resiliency;

namespace DevSidecar;

/// <summary>Hosts logical Dapr sidecars in this process: one per app replica, sharing components, log and actors.</summary>
public sealed class SidecarRuntime : IAsyncDisposable
{
    readonly Lock _lock = new();
    readonly List<AppSidecar> _apps = [];
    readonly FileStream _directoryLock;
    readonly ILogger _logger;
    AdminServer? _admin;

    SidecarRuntime(SidecarRuntimeOptions options, ILogger logger)
    {
        Options = options;
        _logger = logger;
        Environment = options.Environment ?? ProcessEnvironment();
        var documents = ResourceLoader.Load(options.ResourcesPaths, logger);
        Resiliency = [.. documents.Where(d => d.Kind == "Resiliency")];
        Policies.Check(Resiliency);
        Configuration = new(documents.Where(d => d.Kind == "Configuration"), logger);
        Declared = [.. documents.Where(d => d.Kind == "Subscription").Select(d => (d.Scopes, SubscriptionReader.Declarative(d)))];
        var components = documents.Where(d => d.Kind == "Component").Select(ResourceLoader.Component).ToList();
        ComponentRegistry.CheckNames(components);
        _directoryLock = Claim(options.DataDirectory);
        DurableLog = new(
            new()
            {
                File = Path.Combine(options.DataDirectory, "log.db"),
                Partitions = options.Partitions,
                RetentionBytes = options.LogRetentionBytes,
                Retention = options.LogRetention,
            },
            options.TimeProvider, logger);
        DeadLetters = new(DurableLog);
        Groups = new(DurableLog, options.TimeProvider, logger);
        Components = new(components, Environment, DurableLog, Groups, options.TimeProvider, logger);
        Directory = new();
        Actors = new(Path.Combine(options.DataDirectory, "reminders.db"), options.TimeProvider, logger);
    }

    /// <summary>The sidecars hosted now.</summary>
    public IReadOnlyList<AppSidecar> Apps
    {
        get
        {
            lock (_lock)
            {
                return [.. _apps];
            }
        }
    }

    /// <summary>Where the admin page is; null without one.</summary>
    public Uri? AdminAddress => _admin?.Address;

    internal SidecarRuntimeOptions Options { get; }

    internal IReadOnlyDictionary<string, string> Environment { get; }

    internal IReadOnlyList<ResourceDocument> Resiliency { get; }

    internal RuntimeConfiguration Configuration { get; }

    internal IReadOnlyList<(IReadOnlyList<string> Scopes, AppSubscription Subscription)> Declared { get; }

    internal EmbeddedLog DurableLog { get; }

    internal DeadLetters DeadLetters { get; }

    internal ConsumerGroups Groups { get; }

    internal ComponentRegistry Components { get; }

    internal AppDirectory Directory { get; }

    internal ActorRuntime Actors { get; }

    /// <summary>Reads the resources, opens the log and initialises the components.</summary>
    /// <exception cref="SidecarConfigurationException">A document, component type, version, key or value is wrong; the message names file, component and key.</exception>
    public static async Task<SidecarRuntime> StartAsync(SidecarRuntimeOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        var runtime = new SidecarRuntime(options, options.LoggerFactory.CreateLogger("DevSidecar"));
        try
        {
            await runtime.Components.StartAsync(cancellationToken);
            if (options.AdminPort is { } port)
            {
                runtime._admin = await AdminServer.StartAsync(runtime, port, cancellationToken);
            }

            return runtime;
        }
        catch
        {
            await runtime.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// Starts one logical sidecar on loopback (HTTP/1.1 and h2c gRPC); then waits in the background for the app port, reads
    /// <c>/dapr/config</c> and <c>/dapr/subscribe</c> and starts deliveries. Several with the same app id are replicas of one app.
    /// </summary>
    public async Task<AppSidecar> AddAppAsync(AppRegistration app, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(app);
        var sidecar = await AppSidecar.StartAsync(this, app, _logger, cancellationToken);
        lock (_lock)
        {
            _apps.Add(sidecar);
        }

        return sidecar;
    }

    /// <summary>What is loaded, who is there, and what waits.</summary>
    public RuntimeDescription Describe() => RuntimeDescription.Of(this);

    /// <summary>
    /// What comes before disposing when apps still have to save or publish something while they end: subscriptions and input
    /// bindings stop at once and for good, everything else answers for <see cref="SidecarRuntimeOptions.BlockShutdown"/>. Without
    /// that option it returns at once.
    /// </summary>
    /// <param name="cancellationToken">Ends the wait early, without an exception.</param>
    public async Task BlockShutdownAsync(CancellationToken cancellationToken = default)
    {
        if (Options.BlockShutdown is not { } duration)
        {
            return;
        }

        Log.ShutdownBlocked(_logger, duration);
        var stopped = Task.WhenAll(Apps.Select(a => a.StopDeliveriesAsync()));
        await Task.Delay(duration, Options.TimeProvider, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await stopped;
    }

    public async ValueTask DisposeAsync()
    {
        if (_admin is not null)
        {
            await _admin.DisposeAsync();
        }

        foreach (var app in Apps)
        {
            await app.DisposeAsync();
        }

        await Actors.DisposeAsync();
        await Components.DisposeAsync();
        DeadLetters.Dispose();
        await DurableLog.DisposeAsync();
        await _directoryLock.DisposeAsync();
    }

    /// <summary>Two runtimes writing one log would give out the same offsets. The operating system drops the claim with the process.</summary>
    static FileStream Claim(string dataDirectory)
    {
        System.IO.Directory.CreateDirectory(dataDirectory);
        try
        {
            return new(Path.Combine(dataDirectory, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e)
        {
            throw new SidecarConfigurationException($"the data directory '{dataDirectory}' is in use by another runtime or cannot be written: {e.Message} Stop the other one or choose another directory.", e);
        }
    }

    internal static IReadOnlyDictionary<string, string> ProcessEnvironment() => System.Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
        .ToDictionary(e => (string)e.Key, e => (string?)e.Value ?? "", StringComparer.Ordinal);

    internal void Removed(AppSidecar app)
    {
        lock (_lock)
        {
            _apps.Remove(app);
        }
    }
}
