using Forewarn.Launcher.Testing;

namespace Forewarn.Launcher.Tests;

public sealed class TestSummaryTests
{
    const string Report = """{ "results": { "summary": { "tests": 6, "passed": 3, "failed": 1, "skipped": 1, "pending": 0, "other": 1 } } }""";
    const string Good = """{ "results": { "summary": { "tests": 2, "passed": 2, "failed": 0, "skipped": 0 } } }""";
    const string Empty = """{ "results": { "summary": { "tests": 0, "passed": 0, "failed": 0, "skipped": 0 } } }""";

    [Fact]
    public void Counts_come_from_the_report()
    {
        CtrfReport.Read(Report, 1, "text").ShouldBe(new StepResult(3, 2, 1, "text"));
        CtrfReport.Read(Good, 0, "text").ShouldBe(new StepResult(2, 0, 0, "text"));
    }

    [Fact]
    public void A_crash_after_good_tests_is_a_failure() => CtrfReport.Read(Good, 134, "text").Failed.ShouldBe(1);

    [Fact]
    public void An_executable_that_wrote_no_report_has_failed()
    {
        CtrfReport.Read(null, 2, "text").Failed.ShouldBe(1);
        CtrfReport.Read(null, 0, "text").Failed.ShouldBe(1);
    }

    [Fact]
    public void A_suite_without_tests_has_failed()
    {
        var result = CtrfReport.Read(Empty, 0, "text");

        result.Failed.ShouldBe(1);
        result.Output.ShouldContain("no test ran");
    }

    [Fact]
    public async Task Failures_are_shown_in_full_passes_in_one_line_and_counts_are_summed()
    {
        var terminal = new TestTerminal();
        Step[] steps =
        [
            new("quiet", _ => Task.FromResult(new StepResult(5, 0, 2, "not shown"))),
            new("loud", _ => Task.FromResult(new StepResult(1, 1, 0, "first\nsecond"))),
        ];

        var (passed, failed, skipped) = await new StepRunner(terminal.Terminal, TimeProvider.System).RunAsync(steps, TestContext.Current.CancellationToken);

        StepRunner.Sum(passed, failed, skipped).ShouldBe("6 passed, 1 failed, 2 skipped");
        terminal.Lines.Count.ShouldBe(4);
        terminal.Lines.TakeLast(2).ShouldBe(["    first", "    second"]);
    }

    [Fact]
    public async Task After_an_essential_failure_nothing_else_runs()
    {
        var ran = false;
        Step[] steps =
        [
            new("build", _ => Task.FromResult(StepResult.Check(false, "error")), Essential: true),
            new("tests", _ =>
            {
                ran = true;
                return Task.FromResult(StepResult.Check(true, ""));
            }),
        ];

        var (_, failed, _) = await new StepRunner(new TestTerminal().Terminal, TimeProvider.System).RunAsync(steps, TestContext.Current.CancellationToken);

        failed.ShouldBe(1);
        ran.ShouldBeFalse();
    }

    [Fact]
    public void Every_test_project_of_the_checkout_is_found_and_helpers_are_not()
    {
        var suites = TestSuite.Find(new Checkout(Repository.Root));

        suites.Select(suite => suite.Name).ShouldContain("Launcher.Tests");
        suites.Select(suite => suite.Name).ShouldNotContain("Shared");
        suites.Single(suite => suite.Name == "System").Executable.ShouldEndWith("Forewarn.SystemTests");
        suites.Where(suite => suite.Kind == SuiteKind.System).Select(suite => suite.Name).ShouldBe(["Deploy.Tests", "System"]);
        suites.Count(suite => suite.Kind == SuiteKind.Browser).ShouldBe(1);
    }
}
