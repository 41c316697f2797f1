using System.Globalization;
using System.Text.RegularExpressions;
using DevSidecar;
using DevSidecar.State;
using Forewarn.Launcher.Docs;
using Forewarn.Launcher.Platform;

namespace Forewarn.Launcher.Doctor;

/// <summary>Where Dapr's control plane is expected; the Dapr CLI assumes these.</summary>
sealed record DaprControlPlane(Endpoint Placement, Endpoint Scheduler)
{
    public static DaprControlPlane Standard { get; } = OperatingSystem.IsWindows()
        ? new(new("localhost", 6050), new("localhost", 6060))
        : new(new("localhost", 50005), new("localhost", 50006));
}

/// <summary>What <c>dapr run -f .</c> needs beside it on this machine, each with what to do where it lacks.</summary>
/// <param name="environment">Of the shell: the Dapr CLI hands it to sidecars and apps.</param>
sealed partial class DaprDoctor(Checkout checkout, IReadOnlyDictionary<string, string> environment, DaprControlPlane controlPlane)
{
    const string Guide = "docs/run-with-dapr.md";
    const string Infra = $"Start it; {Guide} says how, with Docker and without.";

    /// <summary>The first whose actors keep their reminders in the scheduler, as escalations and resolutions here expect.</summary>
    static readonly Version Least = new(1, 15);

    public async Task<IReadOnlyList<Finding>> ExamineAsync(CancellationToken cancellationToken) =>
    [
        .. await ToolAsync(cancellationToken),
        await ReachAsync("placement", controlPlane.Placement, "Without it no incident can open: incidents are actors. " + Infra, cancellationToken),
        await ReachAsync("scheduler", controlPlane.Scheduler, "Without it nothing escalates or resolves: reminders are kept there. " + Infra, cancellationToken),
        .. Variables(),
        .. await KafkaAsync(cancellationToken),
        await PostgresAsync("PostgreSQL for history", "ConnectionStrings__Forewarn", text => text, cancellationToken),
        await PostgresAsync("PostgreSQL for state", "FOREWARN_STATE_CONNECTION", PostgresConnectionText.ToNpgsql, cancellationToken),
        ModelStore(),
        Tokens(),
        Built(),
        .. Ports(),
    ];

    async Task<IReadOnlyList<Finding>> ToolAsync(CancellationToken cancellationToken)
    {
        const string install = $"Install it (https://docs.dapr.io/getting-started/install-dapr-cli/), then `dapr init --slim`; {Guide} says more.";
        if (Tools.Find("dapr", Value("PATH")) is not { } path)
            return [new("Dapr CLI", "missing", Verdict.Missing, install)];
        var (_, output) = await Tools.RunAsync(path, ["--version"], Path.GetTempPath(), cancellationToken, environment);
        return
        [
            Version("Dapr CLI", CliVersion().Match(output), install),
            Version("Dapr runtime", RuntimeVersion().Match(output), "`dapr init --slim` installs it without containers."),
        ];
    }

    static Finding Version(string what, Match found, string remedy)
    {
        if (!found.Success || !System.Version.TryParse(found.Groups["version"].Value, out var version))
            return new(what, "not installed", Verdict.Missing, remedy);
        return new(what, version.ToString(), version >= Least ? Verdict.Good : Verdict.Missing, $"{Least} or newer is needed. {remedy}");
    }

    static async Task<Finding> ReachAsync(string what, Endpoint endpoint, string remedy, CancellationToken cancellationToken)
    {
        var reason = await endpoint.NotReachedBecauseAsync(cancellationToken);
        return new(what, reason is null ? $"{endpoint} answers" : $"{endpoint}: {reason}", reason is null ? Verdict.Good : Verdict.Missing, remedy);
    }

    IEnumerable<Finding> Variables()
    {
        foreach (var variable in ComponentVariables.Read(Path.Combine(checkout.Root, "components")))
        {
            var users = $"component{(variable.Components.Count == 1 ? "" : "s")} {string.Join(", ", variable.Components)}";
            yield return Value(variable.Name) is not null
                ? new(variable.Name, $"set, for {users}", Verdict.Good, "")
                : new(
                    variable.Name, $"not set, for {users}", variable.Optional ? Verdict.Optional : Verdict.Missing,
                    variable.Optional ? "Only a server that asks for it needs it." : $"export {variable.Name}={Example(variable.Name)}");
        }
    }

    /// <summary>What would work on a machine where nothing was chosen yet.</summary>
    static string Example(string variable) => variable switch
    {
        "KAFKA_BROKERS" => "127.0.0.1:9092",
        "FOREWARN_STATE_CONNECTION" => "'host=127.0.0.1 port=5432 user=forewarn password=... dbname=forewarn'",
        "FOREWARN_MODEL_STORE" => "$PWD/.forewarn/models",
        "FOREWARN_TRAIN_SCHEDULE" => $"'{PlatformSettings.TrainSchedule}'",
        _ => PlatformSettings.NotificationDefaults.GetValueOrDefault(variable, "...   # docs/config.md says what"),
    };

    async Task<IReadOnlyList<Finding>> KafkaAsync(CancellationToken cancellationToken)
    {
        const string what = "Kafka";
        if (Value("KAFKA_BROKERS") is not { } brokers)
            return [new(what, "no address", Verdict.Missing, "Set KAFKA_BROKERS, as said above.")];
        var findings = new List<Finding>();
        foreach (var broker in brokers.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            findings.Add(Endpoint.TryParse(broker) is { } endpoint
                ? await ReachAsync(what, endpoint, Infra, cancellationToken)
                : new(what, $"'{broker}' is no address", Verdict.Missing, "KAFKA_BROKERS is host:port, or several with commas."));
        }
        return findings;
    }

    async Task<Finding> PostgresAsync(string what, string variable, Func<string, string> toNpgsql, CancellationToken cancellationToken)
    {
        if (Value(variable) is not { } text)
            return new(what, $"{variable} is not set", Verdict.Missing, $"Set it to your server; {Guide} has an example.");
        try
        {
            var reason = await PostgresConnection.FromNpgsql(toNpgsql(text)).NotAnsweringBecauseAsync(cancellationToken);
            return new(what, reason ?? "the server answers", reason is null ? Verdict.Good : Verdict.Missing, $"Mend {variable}, or start the server: {Guide}.");
        }
        catch (Exception unreadable) when (unreadable is LauncherException or FormatException)
        {
            // It may hold a password: it is not repeated.
            return new(what, $"{variable} cannot be read", Verdict.Missing, unreadable.Message);
        }
    }

    Finding ModelStore()
    {
        const string what = "model store";
        if (Value("FOREWARN_MODEL_STORE") is not { } folder)
            return new(what, "no folder", Verdict.Missing, "Set FOREWARN_MODEL_STORE, as said above.");
        if (!Path.IsPathRooted(folder))
            return new(what, $"{folder} is relative", Verdict.Missing, "Each sidecar has a folder of its own to be relative to: give a whole path.");
        return WriteAccess.Check(what, folder, "Change its owner, or set FOREWARN_MODEL_STORE to another folder.");
    }

    Finding Tokens()
    {
        string[] names = ["DAPR_API_TOKEN", "APP_API_TOKEN"];
        var unset = names.Where(name => Value(name) is null).ToList();
        return unset.Count == 0
            ? new("tokens", "both set", Verdict.Good, "")
            : new("tokens", $"{string.Join(" and ", unset)} not set", Verdict.Optional, "Without them every program on this machine may call sidecars and apps. Export both in the shell that runs `dapr`.");
    }

    Finding Built()
    {
        var missing = ServiceProjects().Where(project => !File.Exists(Path.Combine(checkout.Output(project), $"Forewarn.{project}.dll"))).ToList();
        return missing.Count == 0
            ? new("services", "built", Verdict.Good, "")
            : new("services", $"{string.Join(", ", missing)} not built", Verdict.Missing, "dotnet build services/Services.slnf --configuration Release");
    }

    IEnumerable<string> ServiceProjects() => AppTemplate.Load(checkout.Template).Apps
        .SelectMany(app => Directory.EnumerateFiles(app.Directory, "*.csproj")).Select(project => Path.GetFileNameWithoutExtension(project)!);

    IEnumerable<Finding> Ports()
    {
        var open = PublicPorts.From(null, environment);
        IReadOnlyList<(int Port, string For)> fixedPorts =
        [
            .. TemplatePorts.Read(checkout.Template), (open.Gateway, "dashboard"), (open.Ingestion, "metrics"), (open.OtlpGrpc, "OTLP/gRPC"), (open.OtlpHttp, "OTLP/HTTP"),
        ];
        var taken = fixedPorts.Where(one => !FreePorts.IsFree(one.Port)).ToList();
        if (taken.Count == 0)
            yield return new("ports", string.Create(CultureInfo.InvariantCulture, $"all {fixedPorts.Count} are free"), Verdict.Good, "");
        foreach (var (port, use) in taken)
        {
            var owner = Platform.Ports.OwnerOf(port) ?? "another program";
            yield return new(
                "ports", string.Create(CultureInfo.InvariantCulture, $"{port} ({use}) is taken by {owner}"), Verdict.Missing,
                "End it (`dapr stop -f .` ends an earlier run), or change the port: those of apps and sidecars in dapr.yaml, the public ones by their variables (docs/config.md).");
        }
    }

    string? Value(string name) => environment.TryGetValue(name, out var value) && !string.IsNullOrWhiteSpace(value) ? value : null;

    [GeneratedRegex(@"^CLI version:\s*v?(?<version>\d+\.\d+\.\d+)", RegexOptions.ExplicitCapture | RegexOptions.Multiline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex CliVersion();

    [GeneratedRegex(@"^Runtime version:\s*v?(?<version>\d+\.\d+\.\d+)", RegexOptions.ExplicitCapture | RegexOptions.Multiline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex RuntimeVersion();
}
