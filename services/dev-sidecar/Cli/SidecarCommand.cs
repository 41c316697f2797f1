using System.Globalization;
using DevSidecar.Components;

namespace DevSidecar.Cli;

/// <summary><c>dev-sidecar</c>: logical sidecars for one app or for those of a dapr.yaml, with the options of daprd and the Dapr CLI that have a meaning here.</summary>
static class SidecarCommand
{
    const string Help = """
        dev-sidecar: a Dapr sidecar for development, in one process, with nothing but .NET

        dev-sidecar --app-id ID --resources-path DIR [options] [-- COMMAND ARGUMENTS...]
          --app-id ID              Dapr app id (required)
          --app-port PORT          port of the app on 127.0.0.1; 0 = the app only calls out (default)
          --resources-path DIR     folder of Dapr YAML; may be repeated (required)
          --dapr-http-port PORT    HTTP API (default 3500)
          --dapr-grpc-port PORT    gRPC API (default 50001)
          -- COMMAND ...           starts the app, shows its lines and ends with it; its exit code is passed on

        dev-sidecar run -f dapr.yaml [options]
          -f FILE                  hosts and starts all apps of this file

        Options of both:
          --data-dir DIR           durable log and reminders (default .dev-sidecar)
          --admin-port PORT        page with apps, queues and dead letters on 127.0.0.1; 0 = any free port (default: none)
          --dapr-block-shutdown-duration DURATION
                                   after a signal deliveries stop at once, the API answers so much longer (default: not at all)
          --dapr-graceful-shutdown-seconds SECONDS
                                   then what still runs may take so long (default 5)

        Tokens come from the environment: DAPR_API_TOKEN (asked of callers), APP_API_TOKEN (sent to the app).
        """;

    public static async Task<int> RunAsync(string[] args)
    {
        var own = args.TakeWhile(a => a != "--").ToList();
        if (args.Length == 0 || own.Contains("--help", StringComparer.Ordinal))
        {
            Console.WriteLine(Help);
            return args.Length == 0 ? 2 : 0;
        }

        try
        {
            using var host = new SidecarHost(Parse(args), TimeProvider.System);
            return await host.RunAsync();
        }
        catch (SidecarConfigurationException e)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return 1;
        }
    }

    internal static HostPlan Parse(string[] args) => args is ["run", ..] ? ParseRun(args[1..]) : ParseSingle(args);

    static HostPlan ParseRun(string[] args)
    {
        var (plan, file) = (new HostPlan(), (string?)null);
        foreach (var (option, value) in Pairs(args))
        {
            if (option == "-f")
            {
                file = Directory.Exists(value) ? Path.Combine(value, "dapr.yaml") : value;
            }
            else
            {
                plan = WithOption(plan, option, value);
            }
        }

        var (resources, apps) = RunFile.Read(file ?? throw new SidecarConfigurationException("run needs -f FILE; see --help."));
        return plan with { ResourcesPaths = resources, Apps = apps };
    }

    static HostPlan ParseSingle(string[] args)
    {
        var (plan, app) = (new HostPlan(), new AppRegistration { AppId = "", AppPort = 0, HttpPort = 3500, GrpcPort = 50001 });
        var end = Array.IndexOf(args, "--") is >= 0 and var at ? at : args.Length;
        string[] command = [.. args.Skip(end + 1)];
        foreach (var (option, value) in Pairs(args[..end]))
        {
            switch (option)
            {
                case "--app-id":
                    app = app with { AppId = value };
                    break;
                case "--app-port":
                    app = app with { AppPort = Port(option, value) };
                    break;
                case "--resources-path":
                    plan = plan with { ResourcesPaths = [.. plan.ResourcesPaths, value] };
                    break;
                case "--dapr-http-port":
                    app = app with { HttpPort = Port(option, value) };
                    break;
                case "--dapr-grpc-port":
                    app = app with { GrpcPort = Port(option, value) };
                    break;
                default:
                    plan = WithOption(plan, option, value);
                    break;
            }
        }

        return app.AppId.Length > 0 && plan.ResourcesPaths.Count > 0
            ? plan with { Apps = [new(app, command, Directory.GetCurrentDirectory(), new Dictionary<string, string>())] }
            : throw new SidecarConfigurationException("--app-id and --resources-path are required; see --help.");
    }

    /// <summary>The options of both forms.</summary>
    static HostPlan WithOption(HostPlan plan, string option, string value) => option switch
    {
        "--data-dir" => plan with { DataDirectory = value },
        "--admin-port" => plan with { AdminPort = Port(option, value) },
        "--dapr-block-shutdown-duration" => plan with
        {
            BlockShutdown = GoDuration.TryParse(value, out var duration) && duration >= TimeSpan.Zero && duration <= TimeSpan.FromDays(1)
                ? duration
                : throw new SidecarConfigurationException($"{option}: '{value}' is no duration up to a day, such as 10s."),
        },
        "--dapr-graceful-shutdown-seconds" => plan with
        {
            GracefulShutdown = int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds <= 86400
                ? TimeSpan.FromSeconds(seconds)
                : throw new SidecarConfigurationException($"{option}: '{value}' is no number of seconds (0 to 86400)."),
        },
        _ => throw new SidecarConfigurationException($"{option} is unknown; see --help."),
    };

    static IEnumerable<(string Option, string Value)> Pairs(string[] args)
    {
        for (var i = 0; i < args.Length; i += 2)
        {
            yield return (args[i], i + 1 < args.Length ? args[i + 1] : throw new SidecarConfigurationException($"{args[i]} needs a value; see --help."));
        }
    }

    static int Port(string option, string value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port <= 65535
            ? port
            : throw new SidecarConfigurationException($"{option}: '{value}' is no port (0 to 65535).");
}
