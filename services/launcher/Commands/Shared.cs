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

    public static Terminal NewTerminal()
    {
        var console = AnsiConsole.Console;
        // Redirected output is read by programs and by people with wide windows: lines stay whole.
        if (!console.Profile.Out.IsTerminal)
            console.Profile.Width = int.MaxValue / 2;
        return new Terminal(console, TimeProvider.System);
    }
}
