using System.Text.Json;

namespace Forewarn.Launcher.Testing;

/// <summary>Reads a Common Test Report Format file, which xunit writes next to its text for people.</summary>
static class CtrfReport
{
    /// <param name="json">The report; null when the executable wrote none.</param>
    /// <param name="exitCode">Failures outside of tests (a fixture, a crash) show only here.</param>
    public static StepResult Read(string? json, int exitCode, string output)
    {
        var (passed, failed, skipped) = json is null ? (0, 0, 0) : Summary(json);
        if (exitCode != 0 && failed == 0)
            return new StepResult(passed, 1, skipped, $"{output}\nexit code {exitCode} without a failed test");
        // A suite that ran nothing proves nothing; skipped tests gave their reason.
        return passed + failed + skipped == 0
            ? new StepResult(0, 1, 0, $"{output}\nno test ran")
            : new StepResult(passed, failed, skipped, output);
    }

    static (int Passed, int Failed, int Skipped) Summary(string json)
    {
        using var report = JsonDocument.Parse(json);
        var summary = report.RootElement.GetProperty("results").GetProperty("summary");
        return (Count(summary, "passed"), Count(summary, "failed") + Count(summary, "other"), Count(summary, "skipped") + Count(summary, "pending"));
    }

    static int Count(JsonElement summary, string name) => summary.TryGetProperty(name, out var count) ? count.GetInt32() : 0;
}
