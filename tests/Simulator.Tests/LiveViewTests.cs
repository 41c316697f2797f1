using Spectre.Console;

namespace Forewarn.Simulator.Tests;

public sealed class LiveViewTests
{
    [Fact]
    public async Task It_has_a_line_for_each_fault_with_its_stage_and_its_failure()
    {
        var course = ScenarioFile.Default.At(1_800_000_000_000);
        var leak = course.Injections.First(injection => injection.Fault.Name == "memory-leak");
        using var output = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, Out = new AnsiConsoleOutput(output) });
        console.Profile.Width = 160;
        var view = new LiveView(console);
        await view.RunAsync(() =>
        {
            view.Show(new SimulationState(ScenarioFile.Default, course, leak.StartMs + 5_000, "http://door.test", 12_345, default));
            return Task.CompletedTask;
        });
        var text = output.ToString();
        text.ShouldContain("12,345 samples to http://door.test");
        text.ShouldContain("host-1 and 27 more");
        var line = text.Split('\n').First(each => each.Contains("memory-leak", StringComparison.Ordinal));
        line.ShouldContain(leak.Entity);
        line.ShouldContain("growing");
        line.ShouldContain($"{(leak.FailureMs - leak.StartMs - 5_000) / 1000} s");
        line.ShouldContain($"{DateTimeOffset.FromUnixTimeMilliseconds(leak.FailureMs!.Value):HH:mm:ss}");
        // A console that cannot move its cursor prints the table again.
        text.Split('\n').Where(each => each.Contains("waiting", StringComparison.Ordinal)).Distinct().Count().ShouldBe(course.Injections.Count(injection => injection.StartMs > leak.StartMs + 5_000));
    }

    [Fact]
    public void Stages_follow_each_other_and_each_tells_when_it_ends()
    {
        foreach (var injection in ScenarioFile.Default.At(0).Injections)
        {
            var (t, seen) = (0L, new List<Stage> { injection.StageAt(0) });
            while (injection.StageEnds(t) is { } ends)
            {
                ends.ShouldBeGreaterThan(t);
                injection.StageAt(ends - 1).ShouldBe(seen[^1]);
                seen.Add(injection.StageAt(t = ends));
            }
            seen.ShouldBe(seen.Order());
            (seen[0], seen[^1]).ShouldBe((Stage.Waiting, Stage.Over));
        }
    }
}
