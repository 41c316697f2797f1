using System.CommandLine;
using Forewarn.Launcher.Platform;
using Spectre.Console;

namespace Forewarn.Launcher.Commands;

/// <summary>Options and services that several verbs share.</summary>
static class Shared
{
    public static Option<string?> DataOption() => new("--data")
    {
        Description = "Directory for everything that is kept. Default: .forewarn in the checkout.",
        HelpName = "DIR",
    };

    public static string DataDirectory(ParseResult parsed, Option<string?> option, Checkout checkout) =>
        parsed.GetValue(option) is { Length: > 0 } given ? Path.GetFullPath(given) : checkout.DefaultData;

    /// <summary>The gateway of the platform that runs on a data directory.</summary>
    /// <exception cref="LauncherException">None does.</exception>
    public static GatewayClient Gateway(ParseResult parsed, Option<string?> option)
    {
        var state = new RunStateFile(DataDirectory(parsed, option, Checkout.Find())).Read();
        return state is not null && state.Launcher.IsAlive
            ? new GatewayClient(state.Dashboard)
            : throw new LauncherException("Forewarn is not running; `./forewarn up` starts it.", ExitCodes.RunningState);
    }

    public static Terminal NewTerminal()
    {
        var console = AnsiConsole.Console;
        // Redirected output is read by programs and by people with wide windows: lines stay whole.
        if (!console.Profile.Out.IsTerminal)
            console.Profile.Width = int.MaxValue / 2;
        return new Terminal(console, TimeProvider.System);
    }
}
