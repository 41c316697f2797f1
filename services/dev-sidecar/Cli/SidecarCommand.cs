using System.Globalization;

namespace DevSidecar.Cli;

/// <summary><c>dev-sidecar</c>: one logical sidecar for one app, with the options of daprd that have a meaning here.</summary>
static class SidecarCommand
{
    const string Help = """
        dev-sidecar: a Dapr sidecar for development, in one process, with nothing but .NET

          --app-id ID              Dapr app id (required)
          --app-port PORT          port of the app on 127.0.0.1; 0 = the app only calls out (default)
          --resources-path DIR     folder of Dapr YAML; may be repeated (required)
          --dapr-http-port PORT    HTTP API (default 3500)
          --dapr-grpc-port PORT    gRPC API (default 50001)
          --data-dir DIR           durable log and reminders (default .dev-sidecar)

        Tokens come from the environment: DAPR_API_TOKEN (asked of callers), APP_API_TOKEN (sent to the app).
        """;

    public static async Task<int> RunAsync(string[] args)
    {
        if (args.Length == 0 || args.Contains("--help", StringComparer.Ordinal))
        {
            Console.WriteLine(Help);
            return args.Length == 0 ? 2 : 0;
        }

        try
        {
            var options = Parse(args);
            using var logs = LoggerFactory.Create(b => b.AddSimpleConsole(c => c.SingleLine = true));
            using var stop = new CancellationTokenSource();
            using var interrupt = System.Runtime.InteropServices.PosixSignalRegistration.Create(System.Runtime.InteropServices.PosixSignal.SIGINT, OnSignal);
            using var terminate = System.Runtime.InteropServices.PosixSignalRegistration.Create(System.Runtime.InteropServices.PosixSignal.SIGTERM, OnSignal);
            await using var runtime = await SidecarRuntime.StartAsync(
                new() { ResourcesPaths = options.Resources, DataDirectory = options.Data, LoggerFactory = logs }, stop.Token);
            await runtime.AddAppAsync(
                options.App with
                {
                    DaprApiToken = runtime.Environment.GetValueOrDefault("DAPR_API_TOKEN"),
                    AppApiToken = runtime.Environment.GetValueOrDefault("APP_API_TOKEN"),
                },
                stop.Token);
            await Task.Delay(Timeout.InfiniteTimeSpan, stop.Token).ContinueWith(static _ => { }, TaskScheduler.Default);
            return 0;

            void OnSignal(System.Runtime.InteropServices.PosixSignalContext context)
            {
                context.Cancel = true;
                stop.Cancel();
            }
        }
        catch (SidecarConfigurationException e)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return 1;
        }
    }

    internal static (AppRegistration App, IReadOnlyList<string> Resources, string Data) Parse(string[] args)
    {
        var (appId, appPort, http, grpc, data) = ("", 0, 3500, 50001, ".dev-sidecar");
        var resources = new List<string>();
        for (var i = 0; i < args.Length; i += 2)
        {
            var value = i + 1 < args.Length ? args[i + 1] : throw new SidecarConfigurationException($"{args[i]} needs a value; see --help.");
            switch (args[i])
            {
                case "--app-id":
                    appId = value;
                    break;
                case "--app-port":
                    appPort = Port(args[i], value);
                    break;
                case "--resources-path":
                    resources.Add(value);
                    break;
                case "--dapr-http-port":
                    http = Port(args[i], value);
                    break;
                case "--dapr-grpc-port":
                    grpc = Port(args[i], value);
                    break;
                case "--data-dir":
                    data = value;
                    break;
                default:
                    throw new SidecarConfigurationException($"{args[i]} is unknown; see --help.");
            }
        }

        return appId.Length == 0 || resources.Count == 0
            ? throw new SidecarConfigurationException("--app-id and --resources-path are required; see --help.")
            : (new() { AppId = appId, AppPort = appPort, HttpPort = http, GrpcPort = grpc }, resources, data);
    }

    static int Port(string option, string value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port <= 65535
            ? port
            : throw new SidecarConfigurationException($"{option}: '{value}' is no port (0 to 65535).");
}
