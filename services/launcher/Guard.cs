using Spectre.Console;

namespace Forewarn.Launcher;

/// <summary>The one place where an expected failure becomes a line on standard error and an exit code.</summary>
static class Guard
{
    public static async Task<int> RunAsync(Func<Task<int>> action)
    {
        try
        {
            return await action();
        }
        catch (LauncherException failure)
        {
            var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
            console.Profile.Width = int.MaxValue / 2;
            console.MarkupLine($"[red]✗[/] {Markup.Escape(failure.Message)}");
            return failure.ExitCode;
        }
        catch (OperationCanceledException)
        {
            return ExitCodes.Failed;
        }
    }
}
