using System.Globalization;

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
        yield return "Attribution top-1: no ground truth in these sets.";
    }

    static IEnumerable<TextTable> Tables(SetReport set)
    {
        if (set.Detectors.Any(detector => detector.Nab is not null))
            yield return Nab(set);
        var ranking = new TextTable("ranking", "VUS-PR", "AP", "ROC-AUC", "best F1", "recall @0.3/1000", "recall @1.0/1000");
        var alone = new TextTable("own alarms", "recall", "false/1000", "openings/1000", "delay (points)", "led", "lead (points)", "us/point", "bytes/series");
        foreach (var detector in set.Detectors)
        {
            ranking.Add(detector.Detector, Of(detector.VusPr), Of(detector.AveragePrecision), Of(detector.RocAuc), Of(detector.BestF1), Of(detector.RecallAt03), Of(detector.RecallAt10));
            var own = detector.OwnAlarms;
            alone.Add(
                detector.Detector, Of(own.Recall), Of(own.EpisodesPerThousand, "0.00"), Of(own.OpeningsPerThousand, "0.00"), Of(own.MedianDelayPoints, "0.#"),
                Of(own.Led, "0.00"), Of(own.MedianLeadPoints, "0.#"), Of(detector.MicrosecondsPerPoint, "0.0"), Of(detector.BytesPerSeries, "0"));
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

    static string Of(Figure figure, string format = "0.000") =>
        figure.Value is null ? "-" : $"{Of(figure.Value, format)} [{Of(figure.Low, format)} {Of(figure.High, format)}]";

    static string Of(double? value, string format) => value?.ToString(format, CultureInfo.InvariantCulture) ?? "-";
}
