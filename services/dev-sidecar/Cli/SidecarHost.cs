using System.Globalization;
using System.Runtime.InteropServices;

namespace DevSidecar.Cli;

/// <summary>Runs one plan: the sidecars, then the apps it is to start, until a signal or until all of those have ended.</summary>
sealed class SidecarHost(HostPlan plan, TimeProvider time)
{
    /// <summary>The exit code: 0 after a signal, else that of the first app that failed.</summary>
    /// <exception cref="SidecarConfigurationException">Something in the resources, a port or a command is wrong.</exception>
    public async Task<int> RunAsync()
    {
        using var stop = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal);
        using var logs = LoggerFactory.Create(b => b.AddSimpleConsole(c =>
        {
            c.SingleLine = true;
            c.ColorBehavior = AppOutput.IsColourWanted(SidecarRuntime.ProcessEnvironment())
                ? Microsoft.Extensions.Logging.Console.LoggerColorBehavior.Default
                : Microsoft.Extensions.Logging.Console.LoggerColorBehavior.Disabled;
        }));
        await using var runtime = await SidecarRuntime.StartAsync(
            new() { ResourcesPaths = plan.ResourcesPaths, DataDirectory = plan.DataDirectory, AdminPort = plan.AdminPort, TimeProvider = time, LoggerFactory = logs },
            stop.Token);
        if (runtime.AdminAddress is { } admin)
        {
            Log.AdminStarted(logs.CreateLogger("DevSidecar"), admin);
        }

        var children = new List<ChildApp>();
        try
        {
            await StartAsync(runtime, children, stop.Token);
            var ended = children.Count == plan.Apps.Count ? Task.WhenAll(children.Select(c => c.Exited)) : Task.Delay(Timeout.InfiniteTimeSpan, time, stop.Token);
            await Task.WhenAny(ended, Task.Delay(Timeout.InfiniteTimeSpan, time, stop.Token));
            return stop.IsCancellationRequested ? 0 : (await Task.WhenAll(children.Select(c => c.Exited))).FirstOrDefault(code => code != 0);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return 0;
        }
        finally
        {
            await Task.WhenAll(children.Select(c => c.StopAsync()));
            children.ForEach(c => c.Dispose());
        }

        void OnSignal(PosixSignalContext context)
        {
            context.Cancel = true;
            stop.Cancel();
        }
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
