using System.Globalization;
using static Forewarn.Trainer.FigureText;

namespace Forewarn.Trainer;

/// <summary>A report as tables for people.</summary>
static class ReportText
{
    public static IEnumerable<string> Lines(EvaluationReport report)
    {
        foreach (var set in report.Sets)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"{set.Set}: {set.Series} series, {set.Points} points, {set.Events} events (95 % intervals in brackets)");
            yield return "";
            foreach (var table in Tables(set))
            {
                foreach (var line in table.Lines())
                    yield return "  " + line;
                yield return "";
            }
        }
        if (report.EarlyWarning is not { } warning)
            yield break;
        yield return $"early warning: {warning.SeriesPerCourse} generated series each of leaks, ramps, steps, cycles and nothing, one sample a minute";
        yield return "";
        foreach (var line in Warning(warning).Lines())
            yield return "  " + line;
    }

    /// <summary>The tables of a set, NAB's first.</summary>
    public static IEnumerable<TextTable> Tables(SetReport set)
    {
        if (set.Detectors.Any(detector => detector.Nab is not null))
            yield return Nab(set);
        var ranking = new TextTable("ranking", "VUS-PR", "AP", "ROC-AUC", "best F1", "recall @0.3/1000", "recall @1.0/1000");
        var alone = new TextTable("own alarms", "recall", "false/1000", "openings/1000", "delay (points)", "led", "lead (points)", "top-1", "us/point", "bytes/series");
        foreach (var detector in set.Detectors)
        {
            ranking.Add(detector.Detector, Of(detector.VusPr), Of(detector.AveragePrecision), Of(detector.RocAuc), Of(detector.BestF1), Of(detector.RecallAt03), Of(detector.RecallAt10));
            var own = detector.OwnAlarms;
            alone.Add(
                detector.Detector, Of(own.Recall), Of(own.EpisodesPerThousand, "0.00"), Of(own.OpeningsPerThousand, "0.00"), Of(own.MedianDelayPoints, "0.#"),
                Of(own.Led, "0.00"), Of(own.MedianLeadPoints, "0.#"),
                detector.AttributionNote ?? Of(detector.AttributionTop1, "0.00"), Of(detector.MicrosecondsPerPoint, "0.0"), Of(detector.BytesPerSeries, "0"));
        }
        yield return ranking;
        yield return alone;
    }

    static TextTable Nab(SetReport set)
    {
        var table = new TextTable("NAB", "profile", "leaderboard", "nested", "told once", "told once, nested", "own alarms");
        foreach (var detector in set.Detectors)
        {
            foreach (var nab in detector.Nab ?? [])
            {
                var name = ReferenceEquals(nab, detector.Nab![0]) ? detector.Detector : "";
                table.Add(name, nab.Profile, Of(nab.Leaderboard, "0.0"), Of(nab.Nested, "0.0"), Of(nab.LeaderboardOnce, "0.0"), Of(nab.NestedOnce, "0.0"), Of(nab.OwnAlarms, "0.0"));
            }
        }
        return table;
    }

    public static TextTable Warning(WarningReport warning)
    {
        var table = new TextTable("method", "recall", "lead median (min)", "lead p10 (min)", "false/day", "error @60", "error @30", "error @15", "coverage of 80 %");
        foreach (var method in warning.Methods)
        {
            string[] errors = [.. method.Errors.Select(error => error.MedianRelative is null ? "-" : $"{Of(error.MedianRelative, "0.00")} ({Of(100 * error.Foretold, "0")} %)")];
            table.Add(
                [method.Method, Of(method.Recall, "0.00"), Of(method.LeadMedianMinutes, "0"), Of(method.LeadP10Minutes, "0"), Of(method.FalsePerDay, "0.000"), .. errors, Of(method.Coverage, "0.00")]);
        }
        return table;
    }
}
