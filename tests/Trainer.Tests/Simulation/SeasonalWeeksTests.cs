using System.Globalization;
using Forewarn.Analytics;
using Forewarn.Contracts;
using Forewarn.Models;
using Forewarn.Testing;

namespace Forewarn.Trainer.Tests.Simulation;

/// <summary>Weeks with a rhythm and jobs on minutes, judged by the model of everybody with and without what each hour of the week is like.</summary>
public sealed class SeasonalWeeksTests(ITestOutputHelper output)
{
    const int Entities = 6;
    const int Metrics = 12;
    const int Minute = 60_000;
    const int MinutesADay = 1440;
    const int Days = 28;

    /// <summary>What a nightly job does, on a Friday afternoon of the fourth week.</summary>
    const long FaultAt = SeasonalWeeks.Monday + (((25L * MinutesADay) + 900) * Minute);

    [Fact]
    public void A_nightly_job_is_no_news_any_more_and_the_same_at_another_hour_is_found()
    {
        var weeks = Enumerable.Range(1, Entities).AsParallel().AsOrdered().Select(JudgeBoth).ToList();
        var (plain, seasonal) = (Counts.Of(weeks.Select(both => both.Plain)), Counts.Of(weeks.Select(both => both.Seasonal)));
        output.WriteLine($"without profiles: {plain}");
        output.WriteLine($"with profiles: {seasonal}");

        seasonal.Nightly.ShouldBeLessThanOrEqualTo(plain.Nightly / 3);
        seasonal.Late.ShouldBeLessThanOrEqualTo(plain.Late);

        // An alarm that jobs have not made deaf hears the weekly one until it knows it, and the fault.
        seasonal.Weekly.ShouldBeLessThanOrEqualTo(2 * Entities);
        seasonal.Found.ShouldBe(Entities);
        seasonal.Found.ShouldBeGreaterThanOrEqualTo(plain.Found);
        (seasonal.Beyond * 4).ShouldBeLessThan(plain.Beyond);
        seasonal.Width.ShouldBeLessThan(1.05 * plain.Width, "a wider range would hold more values, too");
    }

    static (Counts Plain, Counts Seasonal) JudgeBoth(int seed)
    {
        var weeks = new SeasonalWeeks(Metrics, Minute, seed) { Fault = (FaultAt, FaultAt + (20 * Minute)) };
        var (plain, seasonal) = (new Judge(weeks), new Judge(weeks));
        for (var minute = 0; minute < Days * MinutesADay; minute++)
        {
            var (without, with) = weeks.Next();
            plain.Take(without, minute);
            seasonal.Take(with, minute);
        }
        return (plain.Counts, seasonal.Counts);
    }

    /// <summary>One entity's detector, from the second week on counted.</summary>
    sealed class Judge(SeasonalWeeks weeks)
    {
        readonly EntityDetector _detector = new(new DetectorOptions(), "first", FirstForest.Shared.Prior);
        readonly float[] _row = new float[RowSpec.Count];

        public Counts Counts { get; } = new();

        public void Take(FeatureTick tick, int minute)
        {
            EntityDetector.Prepare(tick, Metrics, _row);
            var maturity = minute < MaturityLevels.WarmSamples ? EntityMaturity.Cold : EntityMaturity.Warm;
            var verdict = _detector.Decide(tick, weeks.Schema, Minute, maturity, FirstForest.Shared.Forest.Score(_row));
            if (minute < 7 * MinutesADay)
                return;
            Counts.Take(tick, weeks.Schema);
            var isFault = tick.T >= FaultAt && tick.T < FaultAt + (30 * Minute);
            if (isFault)
                Counts.Found = Math.Max(Counts.Found, verdict.Anomalous ? 1 : 0);
            else if (verdict is { Changed: true, Anomalous: true })
                Count(tick.T, minute);
        }

        void Count(long t, int minute)
        {
            Counts.Late += minute < 14 * MinutesADay ? 0 : 1;
            if (weeks.IsNightly(t))
                Counts.Nightly++;
            else if (weeks.IsWeekly(t))
                Counts.Weekly++;
            else
                Counts.Other++;
        }
    }

    /// <summary>Openings of the weeks two to four, and what was normal in them.</summary>
    sealed class Counts
    {
        public int Nightly { get; set; }

        public int Weekly { get; set; }

        public int Other { get; set; }

        /// <summary>Of all these, in the weeks three and four.</summary>
        public int Late { get; set; }

        public int Found { get; set; }

        public long Values { get; private set; }

        /// <summary>Values outside of the normal range.</summary>
        public long Beyond { get; private set; }

        /// <summary>Sum of the widths of the range, as shares of the value.</summary>
        public double Width { get; private set; }

        public void Take(FeatureTick tick, SeriesSchema schema)
        {
            for (var i = 0; i < Metrics; i++)
            {
                var own = tick.Features.AsSpan(i * FeatureSpec.Count, FeatureSpec.Count);
                var (value, (low, high)) = (own[FeatureSpec.Value], NormalRange.Of(schema.Columns[i], own));
                (Values, Beyond, Width) = (Values + 1, Beyond + (value < low || value > high ? 1 : 0), Width + ((high - low) / value));
            }
        }

        public static Counts Of(IEnumerable<Counts> all)
        {
            var sum = new Counts();
            foreach (var one in all)
            {
                (sum.Nightly, sum.Weekly, sum.Late, sum.Other) = (sum.Nightly + one.Nightly, sum.Weekly + one.Weekly, sum.Late + one.Late, sum.Other + one.Other);
                (sum.Found, sum.Values, sum.Beyond, sum.Width) = (sum.Found + one.Found, sum.Values + one.Values, sum.Beyond + one.Beyond, sum.Width + one.Width);
            }
            return sum;
        }

        public override string ToString() => string.Create(CultureInfo.InvariantCulture,
            $"openings by nightly jobs {Nightly}, by weekly ones {Weekly}, by nothing {Other}, of these in the weeks three and four {Late}; faults found {Found}; {100.0 * Beyond / Values:0.00} % of values outside of ranges of {Width / Values:0.00} of the value");
    }
}
