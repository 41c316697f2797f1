using System.Globalization;
using DevSidecar;

namespace Forewarn.Launcher.Platform;

/// <summary>Turns the template into processes: ports, environment as <c>dapr run</c> sets it, and the built program of each project.</summary>
sealed class AppPlanner(Checkout checkout, IReadOnlyDictionary<string, string> environment, PublicPorts ports)
{
    /// <exception cref="LauncherException">A replica count names an unknown app, or an app is not built.</exception>
    public IReadOnlyList<AppPlan> Plan(IReadOnlyList<AppDefinition> apps, IReadOnlyDictionary<string, int> replicas)
    {
        if (replicas.Keys.FirstOrDefault(name => apps.All(app => app.AppId != name)) is { } unknown)
            throw new LauncherException($"--replicas {unknown}: there is no such app; there are {string.Join(", ", apps.Select(app => app.AppId))}.", ExitCodes.Usage);
        var wanted = apps.SelectMany(app => Enumerable.Range(0, replicas.GetValueOrDefault(app.AppId, 1)).Select(replica => (App: app, Replica: replica))).ToList();
        return [.. wanted.Select(one => PlanOne(one.App, one.Replica, FreePort(), FreePort(), FreePort()))];
    }

    int FreePort() => FreePorts.Next(ports.Gateway, ports.Ingestion, ports.OtlpGrpc, ports.OtlpHttp);

    AppPlan PlanOne(AppDefinition app, int replica, int appPort, int httpPort, int grpcPort)
    {
        var (fileName, arguments) = Program(app);
        var spec = new ProcessSpec
        {
            Name = app.AppId,
            Replica = replica,
            FileName = fileName,
            Arguments = arguments,
            WorkingDirectory = app.Directory,
            Environment = EnvironmentOf(app, replica, appPort, httpPort, grpcPort),
        };
        return new AppPlan(spec, appPort, httpPort, grpcPort);
    }

    (string FileName, IReadOnlyList<string> Arguments) Program(AppDefinition app)
    {
        if (!Directory.Exists(app.Directory))
            throw new LauncherException($"The folder of the app '{app.AppId}', {app.Directory}, does not exist.", ExitCodes.Missing);
        if (Directory.EnumerateFiles(app.Directory, "*.csproj").FirstOrDefault() is not { } project)
        {
            return app.Command is [var program, .. var rest]
                ? (ProgramFile(app, program), rest)
                : throw new LauncherException($"The app '{app.AppId}' has neither a .NET project nor a command.", ExitCodes.Missing);
        }
        return checkout.Program(Path.GetFileNameWithoutExtension(project));
    }

    /// <summary>With a slash it is relative to the app's folder, as a shell there would have it.</summary>
    static string ProgramFile(AppDefinition app, string program) =>
        program.Contains('/', StringComparison.Ordinal) ? Path.GetFullPath(program, app.Directory) : Tools.Find(program) ?? program;

    Dictionary<string, string> EnvironmentOf(AppDefinition app, int replica, int appPort, int httpPort, int grpcPort)
    {
        var own = new Dictionary<string, string>(environment, StringComparer.Ordinal);
        foreach (var (name, value) in app.Environment)
            own[name] = value;
        own["APP_ID"] = app.AppId;
        own["APP_PORT"] = Text(appPort);
        own["APP_PROTOCOL"] = app.Protocol;
        own["APP_CHANNEL_ADDRESS"] = "127.0.0.1";
        own["DAPR_HTTP_PORT"] = Text(httpPort);
        own["DAPR_GRPC_PORT"] = Text(grpcPort);
        own["FOREWARN_REPLICA"] = Text(replica);
        own["GATEWAY__PORT"] = Text(ports.Gateway + (app.AppId == "gateway" ? replica * PublicPorts.ReplicaStep : 0));
        own["INGESTION__PORT"] = Text(ports.Ingestion + (app.AppId == "ingestion" ? replica * PublicPorts.ReplicaStep : 0));
        own["INGESTION__OTLP__GRPCPORT"] = Text(ports.OtlpGrpc + (app.AppId == "ingestion" ? replica * PublicPorts.ReplicaStep : 0));
        own["INGESTION__OTLP__HTTPPORT"] = Text(ports.OtlpHttp + (app.AppId == "ingestion" ? replica * PublicPorts.ReplicaStep : 0));
        // Links in notifications lead where the dashboard really is.
        own.TryAdd("ALERTING__PUBLICURL", ports.Dashboard.TrimEnd('/'));
        // One machine is measured once and a target is asked once, however many replicas take in what others measure.
        if (app.AppId == "ingestion" && replica > 0)
        {
            own["INGESTION__HOST__ENABLED"] = "false";
            own["INGESTION__PROBESENABLED"] = "false";
            own["INGESTION__SCRAPE__ENABLED"] = "false";
        }
        return own;
    }

    static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
