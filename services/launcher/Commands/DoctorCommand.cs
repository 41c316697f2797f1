using System.Collections;
using System.CommandLine;
using System.Globalization;
using DevSidecar;
using Forewarn.Launcher.Doctor;
using Forewarn.Launcher.Platform;
using Spectre.Console;

namespace Forewarn.Launcher.Commands;

/// <summary><c>doctor</c>: what this machine has and lacks, with the remedy. Exit code 1 when something needed is missing.</summary>
static class DoctorCommand
{
    const long NeededBytes = 2L * 1024 * 1024 * 1024;

    public static Command Create()
    {
        var data = Shared.DataOption();
        var dapr = new Option<bool>("--dapr") { Description = "Check what `dapr run -f .` needs instead: Dapr, Kafka, PostgreSQL, variables, ports." };
        var command = new Command("doctor", "Check this machine: tools, disk, ports, write access.") { data, dapr };
        command.SetAction(async (parsed, token) =>
        {
            var checkout = Checkout.Find();
            var directory = Shared.DataDirectory(parsed, data, checkout);
            var findings = parsed.GetValue(dapr)
                ? await new DaprDoctor(checkout, ShellEnvironment(), DaprControlPlane.Standard).ExamineAsync(token)
                : await ExamineAsync(checkout, directory, token);
            return Show(Shared.NewTerminal(), findings);
        });
        return command;
    }

    static Dictionary<string, string> ShellEnvironment() => Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
        .ToDictionary(entry => (string)entry.Key, entry => (string?)entry.Value ?? "", OperatingSystem.IsWindows() ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal);

    static async Task<IReadOnlyList<Finding>> ExamineAsync(Checkout checkout, string data, CancellationToken cancellationToken)
    {
        var running = new RunStateFile(data).Read() is { } state && state.Launcher.IsAlive;
        var ports = PublicPorts.From(null, new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["GATEWAY__PORT"] = Environment.GetEnvironmentVariable("GATEWAY__PORT") ?? "",
            ["INGESTION__PORT"] = Environment.GetEnvironmentVariable("INGESTION__PORT") ?? "",
        });
        IReadOnlyList<Finding> needed =
        [
            await PostgresAsync(checkout, cancellationToken),
            Writable("data", data),
            Disk(data),
            Port("dashboard port", ports.Gateway, running, "GATEWAY__PORT"),
            Port("ingestion port", ports.Ingestion, running, "INGESTION__PORT"),
        ];
        return checkout.IsPublished ? needed : [.. await BuildingAsync(checkout, cancellationToken), .. needed, Chromium()];
    }

    static async Task<IReadOnlyList<Finding>> BuildingAsync(Checkout checkout, CancellationToken cancellationToken) =>
    [
        await ToolAsync(".NET SDK", "dotnet", "--version", 10, "Install the .NET SDK 10 (https://dot.net).", cancellationToken),
        await ToolAsync("Node", "node", "--version", 20, "Install Node 20 (https://nodejs.org).", cancellationToken),
        await ToolAsync("npm", "npm", "--version", 9, "Install npm; it comes with Node.", cancellationToken),
        Writable("build output", checkout.Artifacts),
    ];

    static int Show(Terminal terminal, IReadOnlyList<Finding> findings)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumns("", "what", "found", "remedy");
        foreach (var finding in findings)
        {
            var mark = finding.Verdict switch { Verdict.Good => "[green]✓[/]", Verdict.Optional => "[yellow]·[/]", _ => "[red]✗[/]" };
            table.AddRow(mark, Markup.Escape(finding.What), Markup.Escape(finding.Found), Markup.Escape(finding.Verdict == Verdict.Good ? "" : finding.Remedy));
        }
        terminal.Console.Write(table);
        return findings.Any(finding => finding.Verdict == Verdict.Missing) ? ExitCodes.Failed : ExitCodes.Success;
    }

    static async Task<Finding> ToolAsync(string what, string program, string argument, int least, string remedy, CancellationToken cancellationToken)
    {
        if (Tools.Find(program) is not { } path)
            return new Finding(what, "missing", Verdict.Missing, remedy);
        var (exit, output) = await Tools.RunAsync(path, [argument], Path.GetTempPath(), cancellationToken);
        // npm may warn before it answers; the version is the last line.
        var version = output.Trim().Split('\n')[^1].TrimStart('v');
        var good = exit == 0 && int.TryParse(version.Split('.')[0], CultureInfo.InvariantCulture, out var major) && major >= least;
        return new Finding(what, version, good ? Verdict.Good : Verdict.Missing, string.Create(CultureInfo.InvariantCulture, $"{least} or newer is needed. {remedy}"));
    }

    static async Task<Finding> PostgresAsync(Checkout checkout, CancellationToken cancellationToken)
    {
        const string what = "PostgreSQL";
        try
        {
            if (Environment.GetEnvironmentVariable("ConnectionStrings__Forewarn") is { Length: > 0 } given)
            {
                var reason = await PostgresConnection.FromNpgsql(given).NotAnsweringBecauseAsync(cancellationToken);
                return new Finding(what, reason ?? "the given server answers", reason is null ? Verdict.Good : Verdict.Missing, "Mend ConnectionStrings__Forewarn, or unset it to run a private one.");
            }
            var package = PostgresBinaries.PackageFolder(checkout.PostgresPackage);
            if (package is not null && !Directory.Exists(package))
                return new Finding(what, "not installed yet", Verdict.Optional, "The first `./forewarn up` installs it.");
            var binaries = PostgresBinaries.Find(checkout.PostgresPackage);
            var (exit, output) = await Tools.RunAsync(binaries.Server, ["--version"], "/", cancellationToken);
            return new Finding(what, output.Trim(), exit == 0 ? Verdict.Good : Verdict.Missing, "A library is missing: its name is in the output. Install it, or name a server in ConnectionStrings__Forewarn.");
        }
        catch (LauncherException missing)
        {
            return new Finding(what, "not usable", Verdict.Missing, missing.Message);
        }
    }

    static Finding Writable(string what, string folder) => WriteAccess.Check(what, folder, "Change its owner, or give another place with --data DIR.");

    static Finding Disk(string folder)
    {
        var existing = new DirectoryInfo(folder);
        while (!existing.Exists && existing.Parent is not null)
            existing = existing.Parent;
        var free = new DriveInfo(existing.FullName).AvailableFreeSpace;
        return new Finding(
            "disk space", string.Create(CultureInfo.InvariantCulture, $"{free / 1e9:0.0} GB free"), free >= NeededBytes ? Verdict.Good : Verdict.Missing,
            "At least 2 GB are needed for the build and a first history.");
    }

    static Finding Port(string what, int port, bool running, string variable)
    {
        var text = port.ToString(CultureInfo.InvariantCulture);
        if (running)
            return new Finding(what, $"{text}, in use by the running platform", Verdict.Good, "");
        return FreePorts.IsFree(port)
            ? new Finding(what, $"{text} is free", Verdict.Good, "")
            : new Finding(what, $"{text} is taken by {Ports.OwnerOf(port) ?? "another program"}", Verdict.Missing, $"End it, or choose another with --port N (or {variable}).");
    }

    static Finding Chromium()
    {
        var path = Tools.Find("chromium") ?? Tools.Find("chromium-browser") ?? Tools.Find("google-chrome");
        return new Finding("Chromium", path ?? "missing", path is null ? Verdict.Optional : Verdict.Good, "Only browser tests need it: apt-get install chromium.");
    }
}
