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

    /// <summary>Its mean is forgotten within a day: <see cref="JointAlarm"/> looks two days back.</summary>
    const double JointForgets = 1.0 / MinutesADay;

    const double LaneForgets = 1 / (2.5 * MinutesADay);
    const double SecondsForget = 1 / (2.5 * SecondsADay);

    [Fact]
    public void Of_a_joint_model_it_is_the_rate_of_such_minutes()
    {
        var rates = Rates(Joint);
        rates.ShouldAllBe(rate => rate > 0.7 && rate < 1.3);
    }

    /// <remarks>
    /// Strangeness of a lane has a heavier tail than an exponential one, which carries on from the top fiftieth of its past:
    /// what is rarer than a thousandth comes up to four times as often as is said.
    /// </remarks>
    [Fact]
    public void Of_a_lane_it_is_the_rate_of_such_minutes_down_to_a_hundredth_and_a_quarter_of_it_at_worst()
    {
        var rates = Rates(Lane);
        rates[0].ShouldBeInRange(0.7, 1.3);
        rates[1].ShouldBeInRange(0.7, 1.6);
        rates[2].ShouldBeInRange(0.7, 4);
    }

    /// <remarks>
    /// Strange seconds come in clusters that last as long as the windows of the features do, and most of a cluster is not
    /// learned, as it could be a fault: the tail is taken for thinner than it is.
    /// </remarks>
    [Fact]
    public void Of_the_model_of_everybody_it_is_the_rate_of_such_seconds_down_to_a_hundredth_and_an_eighth_of_it_at_worst()
    {
        var rates = Rates(Everybody);
        rates[0].ShouldBeInRange(0.7, 1.5);
        rates[1].ShouldBeInRange(0.7, 4);
        rates[2].ShouldBeInRange(0.7, 8);
    }

    /// <summary>Realised over stated rate at each level.</summary>
    double[] Rates(Func<int, PCount> entity)
    {
        var counts = Enumerable.Range(1, Entities).AsParallel().AsOrdered().Select(entity).ToList();
        var ticks = counts.Sum(count => count.Ticks);
        double[] rates = [.. PCount.Levels.Select((level, i) => counts.Sum(count => count.Hits[i]) / (ticks * level))];
        for (var i = 0; i < rates.Length; i++)
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"p <= {PCount.Levels[i]:0.#####}: {rates[i]:0.00} times as often as stated, of {ticks} ticks"));
        counts.ShouldAllBe(count => count.Extrapolated > 0 && count.Unmarked == 0);
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
        for (var minute = 0; minute < (1 + JudgedDays) * MinutesADay; minute++)
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
