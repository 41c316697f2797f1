using System.Globalization;

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
            return await new SidecarHost(Parse(args), TimeProvider.System).RunAsync();
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
        var (file, data, admin) = ((string?)null, ".dev-sidecar", (int?)null);
        foreach (var (option, value) in Pairs(args))
        {
            switch (option)
            {
                case "-f":
                    file = Directory.Exists(value) ? Path.Combine(value, "dapr.yaml") : value;
                    break;
                case "--data-dir":
                    data = value;
                    break;
                case "--admin-port":
                    admin = Port(option, value);
                    break;
                default:
                    throw Unknown(option);
            }
        }

        var (resources, apps) = RunFile.Read(file ?? throw new SidecarConfigurationException("run needs -f FILE; see --help."));
        return new(resources, data, admin, apps);
    }

    static HostPlan ParseSingle(string[] args)
    {
        var (appId, appPort, http, grpc, data, admin) = ("", 0, 3500, 50001, ".dev-sidecar", (int?)null);
        var resources = new List<string>();
        var end = Array.IndexOf(args, "--") is >= 0 and var at ? at : args.Length;
        string[] command = [.. args.Skip(end + 1)];
        foreach (var (option, value) in Pairs(args[..end]))
        {
            switch (option)
            {
                case "--app-id":
                    appId = value;
                    break;
                case "--app-port":
                    appPort = Port(option, value);
                    break;
                case "--resources-path":
                    resources.Add(value);
                    break;
                case "--dapr-http-port":
                    http = Port(option, value);
                    break;
                case "--dapr-grpc-port":
                    grpc = Port(option, value);
                    break;
                case "--data-dir":
                    data = value;
                    break;
                case "--admin-port":
                    admin = Port(option, value);
                    break;
                default:
                    throw Unknown(option);
            }
        }

        if (appId.Length == 0 || resources.Count == 0)
        {
            throw new SidecarConfigurationException("--app-id and --resources-path are required; see --help.");
        }

        var registration = new AppRegistration { AppId = appId, AppPort = appPort, HttpPort = http, GrpcPort = grpc };
        return new(resources, data, admin, [new(registration, command, Directory.GetCurrentDirectory(), new Dictionary<string, string>())]);
    }

    static IEnumerable<(string Option, string Value)> Pairs(string[] args)
    {
        for (var i = 0; i < args.Length; i += 2)
        {
            yield return (args[i], i + 1 < args.Length ? args[i + 1] : throw new SidecarConfigurationException($"{args[i]} needs a value; see --help."));
        }
    }

    static SidecarConfigurationException Unknown(string option) => new($"{option} is unknown; see --help.");

    static int Port(string option, string value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port <= 65535
            ? port
            : throw new SidecarConfigurationException($"{option}: '{value}' is no port (0 to 65535).");
}
