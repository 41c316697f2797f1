using Forewarn.Launcher.Platform;
using Microsoft.Extensions.Time.Testing;

namespace Forewarn.Launcher.Tests;

public sealed class OutputTests
{
    [Theory]
    [InlineData("ALERT host-1 memory is about to run out", false, "Alert")]
    [InlineData("RESOLVED host-1 memory", false, "Resolved")]
    [InlineData("SETTLED host-1: averted by a restart", false, "Resolved")]
    [InlineData("  · moved first: db-1", false, "Detail")]
    [InlineData("12:00:01.123 warn: Forewarn.Predictor[3] slow", false, "Warning")]
    [InlineData("fail: X[1] it broke", false, "Error")]
    [InlineData("12:00:01.123 crit: X[1] it broke", false, "Error")]
    [InlineData("12:00:01.123 info: X[1] an ALERT was sent; fail: is a word in it", false, "Quiet")]
    [InlineData("   at Some.Method()", false, "Quiet")]
    [InlineData("Unhandled exception. System.Exception: x", true, "Error")]
    [InlineData("", true, "Quiet")]
    [InlineData("12:00:01.123 info: X[1] on standard error", true, "Quiet")]
    public void A_person_sees_incidents_warnings_and_errors(string line, bool isError, string expected) =>
        LineClassifier.Classify(line, isError).ToString().ShouldBe(expected);

    [Theory]
    [InlineData("2026-11-23 02:43:00 [12] FATAL:  the database system is starting up", "Quiet")]
    [InlineData("2026-11-23 02:43:00 [12] FATAL:  could not write to file: No space left on device", "Error")]
    [InlineData("2026-11-23 02:43:00 [12] LOG:  database system is ready to accept connections", "Quiet")]
    public void Of_PostgreSQL_only_what_is_wrong_is_shown(string line, string expected) =>
        PrivatePostgres.ClassifyLine(line, isStandardError: true).ToString().ShouldBe(expected);

    [Fact]
    public void A_flood_of_warnings_is_cut_and_alerts_still_pass()
    {
        var time = new FakeTimeProvider();
        var terminal = new TestTerminal(time);

        foreach (var number in Enumerable.Range(1, 50))
            terminal.Terminal.Service("predictor", $"warn: number {number}", LineClass.Warning);
        terminal.Terminal.Service("alerting", "ALERT memory", LineClass.Alert);

        terminal.Lines.Count(line => line.Contains("number", StringComparison.Ordinal)).ShouldBe(8);
        terminal.Lines.ShouldContain("predictor | more of this is in its log");
        terminal.Lines[^1].ShouldBe("ALERT memory");

        time.Advance(TimeSpan.FromSeconds(11));
        terminal.Terminal.Service("predictor", "warn: later", LineClass.Warning);
        terminal.Lines[^1].ShouldContain("later");
    }

    [Fact]
    public void A_full_log_is_turned_over_and_only_one_old_one_is_kept()
    {
        var folder = Directory.CreateTempSubdirectory("forewarn-log-");
        var path = Path.Combine(folder.FullName, "x.log");
        using (var log = new LogFile(path, maxBytes: 100))
        {
            foreach (var number in Enumerable.Range(0, 100))
                log.Write($"line {number:00}");

            log.Tail(2).ShouldBe(["line 98", "line 99"]);
        }

        folder.GetFiles().Select(file => file.Name).ShouldBe(["x.log", "x.log.1"], ignoreOrder: true);
        folder.GetFiles().ShouldAllBe(file => file.Length < 120);
        File.ReadLines(path).Last().ShouldBe("line 99");
        folder.Delete(recursive: true);
    }
}
