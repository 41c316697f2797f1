using Forewarn.Launcher.Platform;
using Spectre.Console;

namespace Forewarn.Launcher.Tests;

/// <summary>A terminal whose text can be read back.</summary>
sealed class TestTerminal
{
    readonly StringWriter _text = new();

    public TestTerminal(TimeProvider? time = null)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, Interactive = InteractionSupport.No, Out = new AnsiConsoleOutput(_text) });
        console.Profile.Width = 1000;
        Terminal = new Terminal(console, time ?? TimeProvider.System);
    }

    public Terminal Terminal { get; }

    public IReadOnlyList<string> Lines => _text.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
