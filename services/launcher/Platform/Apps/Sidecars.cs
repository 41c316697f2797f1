using DevSidecar;

namespace Forewarn.Launcher.Platform;

/// <summary>The sidecars of one run: one runtime, in this process, with one logical sidecar per replica.</summary>
sealed class Sidecars : IAsyncDisposable
{
    readonly SidecarRuntime _runtime;
    readonly ILoggerFactory _loggers;
    readonly List<AppSidecar> _apps = [];

    Sidecars(SidecarRuntime runtime, ILoggerFactory loggers)
    {
        _runtime = runtime;
        _loggers = loggers;
    }

    /// <param name="environment">What components read with <c>envRef</c>.</param>
    /// <exception cref="LauncherException">A component is not usable; the message names it.</exception>
    public static async Task<Sidecars> StartAsync(
        IReadOnlyList<string> resourcesPaths, string dataDirectory, IReadOnlyDictionary<string, string> environment, FileLoggerProvider logs,
        CancellationToken cancellationToken)
    {
        var loggers = LoggerFactory.Create(logging => logging.AddProvider(logs).AddFilter("Microsoft", LogLevel.Warning));
        try
        {
            var runtime = await SidecarRuntime.StartAsync(
                new SidecarRuntimeOptions
                {
                    ResourcesPaths = resourcesPaths,
                    DataDirectory = dataDirectory,
                    Environment = environment,
                    LoggerFactory = loggers,
                    AdminPort = 0,
                },
                cancellationToken);
            return new Sidecars(runtime, loggers);
        }
        catch (SidecarConfigurationException wrong)
        {
            loggers.Dispose();
            throw new LauncherException(wrong.Message, ExitCodes.Service, wrong);
        }
    }

    /// <summary>The page with apps, queues and dead letters.</summary>
    public string? Admin => _runtime.AdminAddress?.ToString();

    public async Task AddAsync(AppPlan plan, string? appToken, string? daprToken, CancellationToken cancellationToken)
    {
        var registration = new AppRegistration
        {
            AppId = plan.AppId,
            AppPort = plan.AppPort,
            HttpPort = plan.SidecarHttpPort,
            GrpcPort = plan.SidecarGrpcPort,
            AppApiToken = appToken,
            DaprApiToken = daprToken,
        };
        _apps.Add(await _runtime.AddAppAsync(registration, cancellationToken));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var app in _apps)
            await app.DisposeAsync();
        await _runtime.DisposeAsync();
        _loggers.Dispose();
    }
}
