using CsCheck;

namespace Forewarn.Analytics.Tests.Drift;

public sealed class PopulationStabilityTests
{
    [Fact]
    public void It_is_the_sum_over_bins_of_difference_times_log_ratio()
    {
        // (0.4 - 0.5) ln(0.4/0.5) + (0.6 - 0.5) ln(0.6/0.5), by hand.
        PopulationStability.Index([0.5, 0.5], [40, 60]).ShouldNotBeNull().ShouldBe(0.0405465, 1e-6);
        PopulationStability.Index([0.5, 0.5], [50, 50]).ShouldBe(0);
        PopulationStability.Index([0.5, 0.5], [0, 0]).ShouldBeNull();
        PopulationStability.Index([0.5, 0.5], [1, 2, 3]).ShouldBeNull();
        PopulationStability.Index([1, 0], [90, 10]).ShouldNotBeNull().ShouldBeInRange(0.5, 1, "an empty bin does not make it infinite");
    }

    [Fact]
    public void Without_drift_it_is_as_small_as_chance_makes_it()
    {
        const int Learned = 5000, Live = 2000, Runs = 200;
        var mean = Enumerable.Range(0, Runs).Average(run =>
        {
            var random = new SeededRandom(run + 1);
            var reference = ReferenceHistogram.FromValues(Values(random, Learned));
            return PopulationStability.Index(reference.Shares, Counts(reference, Values(random, Live)))!.Value;
        });

        // (1/n + 1/m) times the mean of chi-squared with nine degrees of freedom (Yurdakul and Naranjo 2020).
        mean.ShouldBe(9 * ((1.0 / Learned) + (1.0 / Live)), 0.0008);
    }

    [Fact]
    public void Shares_add_up_and_bins_are_about_equal_whatever_the_values() => Gen.Float[-1000, 1000].Array[1, 400].Sample(values =>
    {
        var reference = ReferenceHistogram.FromValues(values);
        reference.Shares.Sum().ShouldBe(1, 1e-9);
        reference.Shares.ShouldAllBe(share => share >= 0 && share <= 1);
        reference.Shares.Length.ShouldBe(reference.Edges.Length + 1);
        reference.Shares.Length.ShouldBeLessThanOrEqualTo(10);
        reference.Edges.Zip(reference.Edges.Skip(1)).ShouldAllBe(pair => pair.First < pair.Second);
        PopulationStability.Index(reference.Shares, Counts(reference, values)).ShouldNotBeNull().ShouldBe(0, 1e-9);
    });

    [Fact]
    public void Values_that_are_mostly_the_same_make_few_bins()
    {
        var reference = ReferenceHistogram.FromValues([.. Enumerable.Repeat(0f, 95), 1, 2, 3, 4, 5]);
        ReferenceHistogram.FromValues([.. Enumerable.Repeat(0.7f, 1115)]).Shares.ShouldBe([1, 0]);
        reference.Edges.ShouldBe([0]);
        reference.Shares.ShouldBe([0.95, 0.05], 1e-9);
        (reference.BinOf(0), reference.BinOf(0.1f), reference.BinOf(float.NaN)).ShouldBe((0, 1, 1));
    }

    [Fact]
    public void A_prior_is_a_reference_too()
    {
        var random = new SeededRandom(3);
        var scores = Values(random, 20_000);
        var reference = ReferenceHistogram.FromPrior(CalibrationPrior.FromScores(scores));
        reference.Shares.ShouldBe([0.05, 0.05, 0.15, 0.25, 0.25, 0.15, 0.05, 0.05], 1e-9);
        PopulationStability.Index(reference.Shares, Counts(reference, scores)).ShouldNotBeNull().ShouldBe(0, 1e-4);

        var flat = ReferenceHistogram.FromPrior(new CalibrationPrior([.. Enumerable.Repeat(0.5f, CalibrationPrior.Levels.Count)], 1, 100));
        flat.Edges.ShouldBe([0.5f]);
        flat.Shares.ShouldBe([0.95, 0.05], 1e-9);
    }

    static float[] Values(SeededRandom random, int count) => [.. Enumerable.Range(0, count).Select(_ => (float)random.NextGaussian())];

    static long[] Counts(ReferenceHistogram reference, IEnumerable<float> values)
    {
        var counts = new long[reference.Shares.Length];
        foreach (var value in values)
            counts[reference.BinOf(value)]++;
        return counts;
    }
}
