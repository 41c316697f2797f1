using System.Globalization;
using Forewarn.Analytics;
using Forewarn.Contracts;
using Forewarn.Models;
using Forewarn.Testing;

namespace Forewarn.Trainer.Tests.Simulation;

/// <summary>Weeks with a rhythm and jobs, judged by the model of everybody and by lanes, with and without weekly profiles.</summary>
public sealed class SeasonalWeeksTests(ITestOutputHelper output)
{
    const int Minute = 60_000;
    const long Day = 86_400_000;

    [Theory]
    [InlineData(12, Minute, 8, 28)]
    [InlineData(4, Minute, 8, 28)]
    [InlineData(4, 1000, 2, 22)]
    public void Measure(int metrics, int cadence, int entities, int days)
    {
        foreach (var hasRhythm in new[] { true, false })
        {
            var all = Enumerable.Range(1, entities).AsParallel().Select(seed => Run(metrics, cadence, seed, days, hasRhythm)).ToList();
            for (var i = 0; i < 2; i++)
            {
                var own = all.Select(one => one[i]).ToList();
                output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"{metrics} x {cadence} rhythm {hasRhythm} {(i == 0 ? "plain" : "seasonal")}: nightly {own.Sum(c => c.Nightly)} weekly {own.Sum(c => c.Weekly)} other {own.Sum(c => c.Other)} found {own.Count(c => c.FoundAfter >= 0)} after {own.Where(c => c.FoundAfter >= 0).Select(c => c.FoundAfter / 1000.0).DefaultIfEmpty().Average():0} s; inside {own.Average(c => c.Inside):0.0000} width {own.Average(c => c.Width):0.000} season {own.Average(c => c.Season):0.00}"));
            }
        }
    }

    sealed class Counts
    {
        public int Nightly, Weekly, Other;
        public double FoundAfter = -1;
        public double Inside, Width, Season;
        public int Seen;
    }

    static Counts[] Run(int metrics, int cadence, int seed, int days, bool hasRhythm)
    {
        var fault = SeasonalWeeks.Monday + ((days - 3) * Day) + (15 * 3_600_000L);
        var weeks = new SeasonalWeeks(metrics, cadence, seed, hasRhythm) { Fault = (fault, fault + (20 * Minute)) };
        EntityDetector[] detectors = [Detector(), Detector()];
        Counts[] counts = [new(), new()];
        var row = new float[RowSpec.Count];
        for (var tick = 0L; tick < days * Day / cadence; tick++)
        {
            var (plain, seasonal) = weeks.Next();
            var maturity = tick < 60 ? EntityMaturity.Cold : EntityMaturity.Warm;
            for (var i = 0; i < 2; i++)
            {
                var features = i == 0 ? plain : seasonal;
                EntityDetector.Prepare(features, metrics, row);
                var verdict = detectors[i].Decide(features, weeks.Schema, cadence, maturity, FirstForest.Shared.Forest.Score(row));
                var t = weeks.T;
                var c = counts[i];
                if (t < SeasonalWeeks.Monday + (7 * Day))
                    continue;
                for (var m = 0; m < metrics; m++)
                {
                    var own = features.Features.AsSpan(m * FeatureSpec.Count, FeatureSpec.Count);
                    var (low, high) = NormalRange.Of(weeks.Schema.Columns[m], own);
                    c.Seen++;
                    c.Inside += ((own[0] >= low && own[0] <= high ? 1 : 0) - c.Inside) / c.Seen;
                    c.Width += (((high - low) / own[0]) - c.Width) / c.Seen;
                    c.Season += ((own[FeatureSpec.Season] != 0 ? 1 : 0) - c.Season) / c.Seen;
                }
                if (t >= fault && t < fault + (30 * Minute))
                {
                    if (c.FoundAfter < 0 && verdict.Anomalous)
                        c.FoundAfter = t - fault;
                }
                else if (verdict is { Changed: true, Anomalous: true })
                {
                    _ = weeks.IsNightly(t) ? c.Nightly++ : weeks.IsWeekly(t) ? c.Weekly++ : c.Other++;
                }
            }
        }
        return counts;
    }

    static EntityDetector Detector() => new(new DetectorOptions(), "first", FirstForest.Shared.Prior);
}
