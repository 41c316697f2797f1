using System.Globalization;
using Forewarn.Analytics;
using Forewarn.Contracts;
using Forewarn.Models;
using Forewarn.Testing;

namespace Forewarn.Trainer.Tests.Simulation;

/// <summary>What a p-value means: how often days without a fault give one so small, pooled over many entities.</summary>
public sealed class NormalDaysTests(ITestOutputHelper output)
{
    const int Entities = 20;
    const int Minute = 60_000;
    const int MinutesADay = 1440;
    const int SecondsADay = 86_400;

    /// <summary>400,000 minutes of all entities: a hundred of them below 1 in 4,000.</summary>
    const int JudgedDays = 14;

    /// <summary>A lane forgets values with a mean life of a week: two weeks behind the first tell how it goes on.</summary>
    const int LaneDays = 21;

    // The mean life of a score is half of the horizon: two days in a joint alarm, five elsewhere.
    const double JointForgets = 1.0 / MinutesADay;

    const double LaneForgets = 1 / (2.5 * MinutesADay);
    const double SecondsForget = 1 / (2.5 * SecondsADay);

    [Fact]
    public void Of_a_joint_model_it_is_the_rate_of_such_minutes()
    {
        Rates(Joint).ShouldAllBe(rate => rate > 0.7 && rate < 1.3);
    }

    [Fact]
    public void Of_a_lane_it_is_the_rate_of_such_minutes()
    {
        Rates(Lane).ShouldAllBe(rate => rate > 0.7 && rate < 1.3);
    }

    /// <remarks>Strange seconds come in clusters as long as the windows of the features.</remarks>
    [Fact]
    public void Of_the_model_of_everybody_it_is_the_rate_of_such_seconds()
    {
        Rates(Everybody).ShouldAllBe(rate => rate > 0.7 && rate < 1.3);
    }

    /// <summary>Realised over stated rate at each level.</summary>
    double[] Rates(Func<int, PCount> entity)
    {
        var counts = Enumerable.Range(1, Entities).AsParallel().AsOrdered().Select(entity).ToList();
        var ticks = counts.Sum(count => count.Ticks);
        double[] rates = [.. PCount.Levels.Select((level, i) => counts.Sum(count => count.Hits[i]) / (ticks * level))];
        for (var i = 0; i < rates.Length; i++)
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"p <= {PCount.Levels[i]:0.#####}: {rates[i]:0.00} times as often as stated, of {ticks} ticks"));
        counts.Sum(count => count.Extrapolated).ShouldBeGreaterThan(0);
        counts.ShouldAllBe(count => count.Unmarked == 0);
        return rates;
    }

    static PCount Joint(int seed)
    {
        const int metrics = 5;
        const int width = metrics * JointRow.Count;
        var (days, count) = (new NormalDays(metrics, Minute, seed), new PCount(JointForgets));
        int[] slots = [.. Enumerable.Range(0, metrics)];
        days.Pass(MaturityLevels.WarmSamples);
        var rows = new float[3 * MinutesADay * width];
        for (var at = 0; at < rows.Length; at += width)
            JointRow.Gather(days.Next().Features, slots, rows.AsSpan(at, width));
        var trained = JointTraining.Run([rows], metrics, new JointOptions());
        var (batch, prior, detector) = (new JointBatch(trained.Model), CalibrationPrior.FromScores(trained.Scores), Detector());
        var (ticks, row) = (new FeatureTick[batch.Capacity], new float[width]);
        for (var minute = 0; minute < (1 + JudgedDays) * MinutesADay; minute += ticks.Length)
        {
            batch.Clear();
            for (var i = 0; i < ticks.Length; i++)
            {
                ticks[i] = days.Next();
                JointRow.Gather(ticks[i].Features, slots, row);
                batch.Add(row, trained.Scalings[0]);
            }
            batch.Score();
            for (var i = 0; i < ticks.Length; i++)
            {
                var evidence = new JointEvidence
                {
                    Model = "joint",
                    Prior = prior,
                    Score = batch.ScoreOf(i),
                    Energies = batch.ContributionsOf(i),
                    Expected = new double[metrics],
                    ColumnOfSlot = slots,
                };
                Count(count, detector.Decide(ticks[i], days.Schema, Minute, EntityMaturity.Warm, 0, evidence), minute >= MinutesADay);
            }
        }
        return count;
    }

    static PCount Lane(int seed)
    {
        var (days, count, detector) = (new NormalDays(metrics: 1, Minute, seed), new PCount(LaneForgets), Detector());
        for (var minute = 0; minute < (1 + LaneDays) * MinutesADay; minute++)
            Count(count, detector.Decide(days.Next(), days.Schema, Minute, EntityMaturity.Warm, 0), minute >= MinutesADay);
        return count;
    }

    static PCount Everybody(int seed)
    {
        var (days, count, detector) = (new NormalDays(metrics: 4, 1000, seed), new PCount(SecondsForget), Detector());
        var row = new float[RowSpec.Count];
        days.Pass(MaturityLevels.WarmSamples);
        for (var second = 0; second < 2 * SecondsADay; second++)
        {
            var tick = days.Next();
            EntityDetector.Prepare(tick, days.Schema.Columns.Count, row);
            Count(count, detector.Decide(tick, days.Schema, 1000, EntityMaturity.Warm, FirstForest.Shared.Forest.Score(row)), second >= SecondsADay);
        }
        return count;
    }

    static EntityDetector Detector() => new(new DetectorOptions(), "first", FirstForest.Shared.Prior);

    static void Count(PCount count, Verdict verdict, bool isSettled)
    {
        if (isSettled)
            count.Take(verdict);
        else
            count.Settle();
    }
}
