using CsCheck;
using Forewarn.Analytics;
using Forewarn.Contracts;
using Forewarn.Models;

namespace Forewarn.Predictor.Tests;

/// <summary>The false-alarm budget of an entity changes while it runs.</summary>
public sealed class BudgetTests(ITestOutputHelper output)
{
    const long T0 = 1_772_366_400_000;

    static readonly Gen<double> Budget = Gen.Double[-3, 3].Select(power => Math.Pow(10, power));
    static readonly CalibrationPrior Joint = CalibrationPrior.FromScores([.. Enumerable.Range(0, 1000).Select(i => i / 250f)]);

    [Fact]
    public void Whatever_a_smaller_budget_opens_lies_within_what_a_larger_one_has_open()
    {
        var opened = 0;
        Gen.Select(Gen.Int[1, 100_000], Budget, Budget, Gen.Bool).Sample(
            (seed, one, other, jointly) =>
            {
                var (few, many) = (Fresh(Math.Min(one, other)), Fresh(Math.Max(one, other)));
                var random = new SeededRandom(seed);
                var (burst, left) = (0.0, 0);
                for (var second = 0; second < 2000; second++)
                {
                    // Ordinary scores, and now and then a burst of any height and length.
                    if (--left < 0 && random.NextDouble() < 1 / 300.0)
                        (burst, left) = (random.NextDouble(), (int)(40 * random.NextDouble()));
                    var height = left >= 0 ? burst : 0;
                    var score = (float)Math.Clamp(0.4 + (0.02 * random.NextGaussian()) + (0.3 * height), 0, 1);
                    double? joint = jointly ? (random.NextDouble() * 4) + (100 * height) : null;
                    var (small, large) = (Decide(few, second, score, joint), Decide(many, second, score, joint));
                    (small && !large).ShouldBeFalse($"second {second}: the smaller budget stands alone");
                    opened += small ? 1 : 0;
                }
            },
            iter: 40, threads: 1);
        output.WriteLine($"{opened} seconds open by the smaller one");
        opened.ShouldBeGreaterThan(0);
    }

    [Fact]
    public void The_largest_opens_what_the_smallest_leaves_alone()
    {
        var (few, many) = (Fresh(DetectorOptions.LeastFalseAlarms), Fresh(DetectorOptions.MostFalseAlarms));
        var (fewOpen, manyOpen) = (0, 0);
        var random = new SeededRandom(3);
        for (var second = 0; second < 20_000; second++)
        {
            var score = (float)(0.4 + (0.02 * random.NextGaussian()) + (second % 500 < 8 ? 0.04 : 0));
            fewOpen += Decide(few, second, score, joint: null) ? 1 : 0;
            manyOpen += Decide(many, second, score, joint: null) ? 1 : 0;
        }
        output.WriteLine($"seconds open of 20,000: {fewOpen} and {manyOpen}");
        fewOpen.ShouldBe(0);
        manyOpen.ShouldBeGreaterThan(300);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_new_budget_keeps_the_calibration_and_decides_as_if_it_had_always_been_so(bool jointly)
    {
        var opened = 0;
        Gen.Select(Gen.Int[1, 100_000], Budget, Budget).Sample(
            (seed, before, after) =>
            {
                var (changed, always) = (Fresh(before), Fresh(after));
                var random = new SeededRandom(seed);
                var (burst, left) = (0.0, 0);
                for (var second = 0; second < 1500; second++)
                {
                    if (second == 900)
                        changed.UseBudget(after);
                    // Quiet around the change, so that nothing is open that the budget before has opened.
                    if (--left < 0 && random.NextDouble() < 1 / 200.0 && second is < 800 or > 1000)
                        (burst, left) = (random.NextDouble(), (int)(20 * random.NextDouble()));
                    var height = left >= 0 ? burst : 0;
                    var (score, joint) = ((float)(0.4 + (0.005 * random.NextGaussian()) + (0.3 * height)), random.NextDouble() + (100 * height));
                    var (mine, theirs) = (Verdict(changed, second, score, jointly ? joint : null), Verdict(always, second, score, jointly ? joint : null));
                    mine.P.ShouldBe(theirs.P);
                    if (second < 1000)
                        continue;
                    mine.Anomalous.ShouldBe(theirs.Anomalous, $"second {second}");
                    opened += mine.Anomalous ? 1 : 0;
                }
            },
            iter: 30, threads: 1);
        output.WriteLine($"{opened} seconds open after the change");
        opened.ShouldBeGreaterThan(0);
    }

    [Fact]
    public void Lanes_and_events_take_a_new_budget_too()
    {
        var schema = SeriesSchema.Of([SeriesColumn.Of("probe.duration", "s")]);
        EntityDetector few = Fresh(2), usual = Fresh(2);
        var (features, random) = (new SeriesFeatures("s"), new SeededRandom(5));
        for (var minute = 0; minute < 1600; minute++)
        {
            if (minute == 1500)
                few.UseBudget(DetectorOptions.LeastFalseAlarms).ShouldBeTrue();
            var tick = new FeatureTick(T0 + (minute * 60_000L), new float[FeatureSpec.Count]);
            features.Update(tick.T, 1 + (0.02 * (random.NextGaussian() + (minute == 1550 ? 6 : 0))), tick.Features);
            var (mine, theirs) = (few.Decide(tick, schema, 60_000, EntityMaturity.Warm, 0.4f), usual.Decide(tick, schema, 60_000, EntityMaturity.Warm, 0.4f));
            mine.P.ShouldBe(theirs.P);
            if (minute == 1550)
                (mine.Anomalous, theirs.Anomalous).ShouldBe((false, true), $"p = {mine.P}");
        }
    }

    [Fact]
    public void A_budget_stays_within_its_bounds_and_is_no_part_of_a_checkpoint()
    {
        var detector = Fresh(2);
        detector.UseBudget(2).ShouldBeFalse();
        detector.UseBudget(0).ShouldBeTrue();
        detector.Options.FalseAlarmsPerWeek.ShouldBe(DetectorOptions.LeastFalseAlarms);
        detector.UseBudget(1e9);
        detector.Options.FalseAlarmsPerWeek.ShouldBe(DetectorOptions.MostFalseAlarms);
        using var bytes = new MemoryStream();
        detector.Write(new BinaryWriter(bytes));
        bytes.Position = 0;
        var copy = EntityDetector.Read(new BinaryReader(bytes), new DetectorOptions(), TestModel.Shared.Version, TestModel.Shared.Prior);
        copy.Options.FalseAlarmsPerWeek.ShouldBe(2);
    }

    [Fact]
    public void The_smallest_budget_is_two_powers_of_ten_beyond_what_five_days_can_count()
    {
        var meanLife = DecisionDefaults.CalibrationHorizon.TotalSeconds / 2;
        var reach = 1 / meanLife / AlarmLevel.PValue(DetectorOptions.LeastFalseAlarms, CadenceRules.Ticks);
        output.WriteLine($"p = {AlarmLevel.PValue(DetectorOptions.LeastFalseAlarms, CadenceRules.Ticks):G3}, {reach:F0} times rarer than 1/n");
        reach.ShouldBeInRange(100, 200);
    }

    static EntityDetector Fresh(double budget) => new(new DetectorOptions(budget), TestModel.Shared.Version, TestModel.Shared.Prior);

    static bool Decide(EntityDetector detector, int second, float score, double? joint) => Verdict(detector, second, score, joint).Anomalous;

    static Verdict Verdict(EntityDetector detector, int second, float score, double? joint) => detector.Decide(
        new FeatureTick(T0 + (second * 1000L), Features), Schema, 1000, EntityMaturity.Warm, score,
        joint is not { } evidence ? default : new JointEvidence
        {
            Model = "group",
            Prior = Joint,
            Score = (float)evidence,
            Energies = [1, 1, 1, 1, 1, 1, 1, 1, 1],
            Expected = [.. Enumerable.Repeat(double.NaN, 9)],
            ColumnOfSlot = [0, 1, 2, 3, 4, 5, 6, 7, 8],
        });

    // More columns than lanes judge, and nothing that happens to any of them: scores alone decide.
    static readonly SeriesSchema Schema = SeriesSchema.Of([.. Enumerable.Range(0, 9).Select(i => SeriesColumn.Of($"m{i}", "{x}"))]);
    static readonly float[] Features = new float[9 * FeatureSpec.Count];
}
