using System.CommandLine;
using Forewarn.Launcher.Testing;

namespace Forewarn.Launcher.Commands;

/// <summary><c>test</c>: everything, as the continuous integration runs it. <c>check</c>: what is quick. <c>fix</c>: formats.</summary>
static class TestCommand
{
    public static Command Create()
    {
        var only = new Option<string?>("--only") { Description = "Only these tests.", HelpName = "unit|compliance|system|browser|front" };
        only.AcceptOnlyFromAmong("unit", "compliance", "system", "browser", "front");
        var command = new Command("test", "Run every test; the last line is `N passed, N failed`.") { only };
        command.SetAction((parsed, _) => RunAsync((run, token) => run.TestAsync(parsed.GetValue(only), token)));
        return command;
    }

    public static Command CreateCheck()
    {
        var command = new Command("check", "Format, build and unit tests.");
        command.SetAction((_, _) => RunAsync((run, token) => run.CheckAsync(token)));
        return command;
    }

    public static Command CreateFix()
    {
        var command = new Command("fix", "Format the C# and the front end.");
        command.SetAction((_, token) => new BuildSteps(Checkout.Find()).FixAsync(Shared.NewTerminal(), token));
        return command;
    }

    /// <summary>Interrupted, it still ends the PostgreSQL it started.</summary>
    static async Task<int> RunAsync(Func<TestRun, CancellationToken, Task<int>> action)
    {
        using var signals = new Signals();
        return await action(new TestRun(Checkout.Find(), Shared.NewTerminal()), signals.Token);
    }
}
