using System.Globalization;
using System.Runtime.InteropServices;

namespace DevSidecar.Cli;

/// <summary>Runs one plan: the sidecars, then the apps it is to start, until a signal or until all of those have ended.</summary>
sealed class SidecarHost(HostPlan plan, TimeProvider time) : IDisposable
{
    /// <summary>How long an app may take to end after its signal, when its sidecar does not wait longer for it.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    readonly CancellationTokenSource _stop = new();
    readonly CancellationTokenSource _hurry = new();

    /// <summary>The exit code: 0 after a signal, else that of the first app that failed; 1 when what was to end in time did not.</summary>
    /// <exception cref="SidecarConfigurationException">Something in the resources, a port or a command is wrong.</exception>
    public async Task<int> RunAsync()
    {
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal);
        using var logs = LoggerFactory.Create(b => b.AddSimpleConsole(c =>
        {
            c.SingleLine = true;
            c.ColorBehavior = AppOutput.IsColourWanted(SidecarRuntime.ProcessEnvironment())
                ? Microsoft.Extensions.Logging.Console.LoggerColorBehavior.Default
                : Microsoft.Extensions.Logging.Console.LoggerColorBehavior.Disabled;
        }));
        var logger = logs.CreateLogger("DevSidecar");
        var runtime = await SidecarRuntime.StartAsync(
            new()
            {
                ResourcesPaths = plan.ResourcesPaths,
                DataDirectory = plan.DataDirectory,
                AdminPort = plan.AdminPort,
                BlockShutdown = plan.BlockShutdown,
                GracefulShutdown = plan.GracefulShutdown,
                TimeProvider = time,
                LoggerFactory = logs,
            },
            _stop.Token);
        if (runtime.AdminAddress is { } admin)
        {
            Log.AdminStarted(logger, admin);
        }

        var code = 1;
        try
        {
            code = await HostAsync(runtime);
        }
        finally
        {
            var ended = runtime.DisposeAsync().AsTask();
            if (await Task.WhenAny(ended, Task.Delay(plan.GracefulShutdown, time, CancellationToken.None)) == ended)
            {
                await ended;
            }
            else
            {
                Log.ShutdownForced(logger, plan.GracefulShutdown);
                code = code == 0 ? 1 : code;
            }
        }

        return code;
    }

    public void Dispose()
    {
        _stop.Dispose();
        _hurry.Dispose();
    }

    /// <summary>The first signal stops, the second ends the waiting.</summary>
    void OnSignal(PosixSignalContext context)
    {
        context.Cancel = true;
        (_stop.IsCancellationRequested ? _hurry : _stop).Cancel();
    }

    async Task<int> HostAsync(SidecarRuntime runtime)
    {
        var children = new List<ChildApp>();
        try
        {
            await StartAsync(runtime, children, _stop.Token);
            var ended = children.Count == plan.Apps.Count ? Task.WhenAll(children.Select(c => c.Exited)) : Task.Delay(Timeout.InfiniteTimeSpan, time, _stop.Token);
            await Task.WhenAny(ended, Task.Delay(Timeout.InfiniteTimeSpan, time, _stop.Token));
            return _stop.IsCancellationRequested ? 0 : (await Task.WhenAll(children.Select(c => c.Exited))).FirstOrDefault(code => code != 0);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            return 0;
        }
        finally
        {
            await StopAsync(runtime, children);
            children.ForEach(c => c.Dispose());
        }
    }

    /// <summary>Apps end while their sidecars answer. When all apps are ours and have ended, nobody is left to answer.</summary>
    async Task StopAsync(SidecarRuntime runtime, List<ChildApp> children)
    {
        var blocked = _stop.IsCancellationRequested ? runtime.BlockShutdownAsync(_hurry.Token) : Task.CompletedTask;
        var patience = plan.BlockShutdown > Patience ? plan.BlockShutdown.Value : Patience;
        await Task.WhenAll(children.Select(c => c.StopAsync(patience)));
        if (children.Count == plan.Apps.Count)
        {
            await _hurry.CancelAsync();
        }

        await blocked;
    }

    async Task StartAsync(SidecarRuntime runtime, List<ChildApp> children, CancellationToken cancellationToken)
    {
        var output = AppOutput.OfConsole(runtime.Environment);
        foreach (var app in plan.Apps)
        {
            var sidecar = await runtime.AddAppAsync(
                app.Registration with
                {
                    DaprApiToken = runtime.Environment.GetValueOrDefault("DAPR_API_TOKEN"),
                    AppApiToken = runtime.Environment.GetValueOrDefault("APP_API_TOKEN"),
                },
                cancellationToken);
            if (app.Command.Count > 0)
            {
                children.Add(ChildApp.Start(app, EnvironmentOf(app, sidecar), output, time));
            }
        }
    }

    /// <summary>What the app's own environment says, and what Dapr tells an app.</summary>
    static Dictionary<string, string> EnvironmentOf(HostedApp app, AppSidecar sidecar)
    {
        var environment = new Dictionary<string, string>(app.Environment, StringComparer.Ordinal)
        {
            ["APP_ID"] = sidecar.AppId,
            ["APP_PROTOCOL"] = "http",
            ["APP_CHANNEL_ADDRESS"] = "127.0.0.1",
            ["DAPR_HTTP_PORT"] = Text(sidecar.HttpPort),
            ["DAPR_GRPC_PORT"] = Text(sidecar.GrpcPort),
            ["DAPR_METRICS_PORT"] = Text(sidecar.HttpPort),
        };
        if (sidecar.AppPort > 0)
        {
            environment["APP_PORT"] = Text(sidecar.AppPort);
        }

        return environment;
    }

    static string Text(int port) => port.ToString(CultureInfo.InvariantCulture);
}
