using System.Globalization;
using Forewarn.Launcher.Platform;
using Spectre.Console;

namespace Forewarn.Launcher.Testing;

/// <summary>Runs steps one after the other, shows a line for each and everything about what failed, and sums up.</summary>
sealed class StepRunner(Terminal terminal, TimeProvider time)
{
    public async Task<(int Passed, int Failed, int Skipped)> RunAsync(IEnumerable<Step> steps, CancellationToken cancellationToken)
    {
        var (passed, failed, skipped) = (0, 0, 0);
        foreach (var step in steps)
        {
            var since = time.GetTimestamp();
            var result = terminal.Console.Profile.Capabilities.Interactive
                ? await terminal.Console.Status().StartAsync(step.Name, _ => step.RunAsync(cancellationToken))
                : await step.RunAsync(cancellationToken);
            Show(step, result, time.GetElapsedTime(since));
            passed += result.Passed;
            failed += result.Failed;
            skipped += result.Skipped;
            if (step.Essential && result.Failed > 0)
                break;
        }
        return (passed, failed, skipped);
    }

    /// <summary>The last line of a run: <c>12 passed, 0 failed</c>.</summary>
    public static string Sum(int passed, int failed, int skipped) =>
        string.Create(CultureInfo.InvariantCulture, $"{passed} passed, {failed} failed{(skipped == 0 ? "" : $", {skipped} skipped")}");

    void Show(Step step, StepResult result, TimeSpan took)
    {
        var line = string.Create(CultureInfo.InvariantCulture, $"{step.Name,-28} {Sum(result.Passed, result.Failed, result.Skipped),-32} {took.TotalSeconds,6:0.0} s");
        if (result.Failed == 0)
        {
            terminal.Good(line);
            return;
        }
        terminal.Bad(line);
        foreach (var output in result.Output.Split('\n'))
            terminal.Plain("    " + output.TrimEnd('\r'));
    }
}
