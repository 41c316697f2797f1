using System.CommandLine;
using Forewarn.Launcher.Docs;
using Forewarn.Launcher.Platform;

namespace Forewarn.Launcher.Commands;

/// <summary>
/// <c>docs</c>: writes <c>.env.example</c> and <c>docs/config.md</c> from the built services, and what the chart
/// holds copies of: components, alert rules and boards; <c>--check</c> only compares.
/// </summary>
static class DocsCommand
{
    public static Command Create()
    {
        var check = new Option<bool>("--check") { Description = "Write nothing; exit code 1 when a file is not up to date." };
        var command = new Command("docs", "Write .env.example and docs/config.md from the services' options, and the chart's copies of components, alert rules and boards.") { check };
        command.SetAction(parsed => Run(Checkout.Find(), Shared.NewTerminal(), parsed.GetValue(check)));
        return command;
    }

    internal static int Run(Checkout checkout, Terminal terminal, bool checkOnly)
    {
        IReadOnlyList<SettingGroup> groups = [PlatformSettings.Group, .. OptionsScanner.Scan(checkout)];
        (string Path, string? Text)[] documents =
        [
            (Path.Combine(checkout.Root, ".env.example"), ConfigDocuments.Example(groups)),
            (Path.Combine(checkout.Root, "docs", "config.md"), ConfigDocuments.Markdown(groups)),
            .. ChartFiles.Documents(checkout.Root),
        ];
        var code = ExitCodes.Success;
        foreach (var (path, text) in documents)
        {
            var name = Path.GetRelativePath(checkout.Root, path);
            if (File.Exists(path) && File.ReadAllText(path) == text)
            {
                terminal.Good($"{name} is up to date");
                continue;
            }
            if (checkOnly)
            {
                terminal.Bad($"{name} is not up to date: run `./forewarn docs` and commit it");
                code = ExitCodes.Failed;
                continue;
            }
            Write(path, text);
            terminal.Good($"{name} {(text is null ? "deleted" : "written")}");
        }
        return code;
    }

    static void Write(string path, string? text)
    {
        if (text is null)
        {
            File.Delete(path);
            return;
        }
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
