using CsCheck;

namespace Forewarn.Ingestion.Tests.Distributions;

/// <summary>Against plain ways of saying the same: values put into buckets one by one, and all bounds written out.</summary>
public sealed class BucketsTests
{
    static readonly double[] _bounds = [0.5, 1, 2, 4, 8];

    [Theory]
    [InlineData(0.25, 0.5)]
    [InlineData(0.5, 1)]
    [InlineData(0.75, 1.5)]
    [InlineData(1, 2)]
    public void Values_of_a_bucket_count_as_spread_over_it(double level, double expected) =>
        new ExplicitBuckets([1, 2, 4], [2, 2, 0, 0]).Quantile(level).ShouldBe(expected);

    [Fact]
    public void Beyond_the_bounds_the_greatest_counts_unless_more_is_known()
    {
        var high = new ExplicitBuckets([1, 2], [0, 0, 5]);
        high.Quantile(0.5).ShouldBe(2);
        high.Quantile(0.5, min: 3, max: 5).ShouldBe(4);
        var low = new ExplicitBuckets([-1, 2], [5, 0, 0]);
        low.Quantile(0.5).ShouldBe(-1);
        low.Quantile(0.5, min: -3, max: -1).ShouldBe(-2);
        new ExplicitBuckets([], [3]).Quantile(0.5, 1, 3).ShouldBe(2);
        new ExplicitBuckets([], [3]).Quantile(0.5).ShouldBe(double.NaN);
        new ExplicitBuckets([1], [0, 0]).Quantile(0.5).ShouldBe(double.NaN);
    }

    [Fact]
    public void An_explicit_quantile_lies_in_the_bucket_of_the_value_of_its_rank() =>
        Gen.Select(Gen.Double[0, 12].Array[1, 50], Gen.Int[0, 49]).Sample((values, place) =>
        {
            var (level, exact) = Exact(values, place);
            var quantile = Explicit(values).Quantile(level, values.Min(), values.Max());
            BucketOf(quantile).ShouldBe(BucketOf(exact), $"{quantile} for {exact}");
            quantile.ShouldBeInRange(values.Min(), values.Max());
        }, seed: "0N0XIzNsQ0O2", iter: 2000);

    [Fact]
    public void An_exponential_quantile_is_as_near_as_its_buckets_are_narrow() =>
        Gen.Select(Gen.Double[-1e6, 1e6].Array[1, 60], Gen.Int[0, 59], Gen.Int[2, 6]).Sample((values, place, scale) =>
        {
            var (level, exact) = Exact(values, place);
            var quantile = Exponential(values, scale).Quantile(level);
            var factor = Math.Pow(2, Math.ScaleB(1, -scale));
            Math.Abs(quantile).ShouldBeInRange(Math.Abs(exact) / factor / (1 + 1e-9), Math.Abs(exact) * factor * (1 + 1e-9), $"{quantile} for {exact}");
            if (exact != 0)
                Math.Sign(quantile).ShouldBe(Math.Sign(exact));
        }, seed: "0N0XIzNsQ0O2", iter: 2000);

    [Fact]
    public void What_came_since_an_earlier_point_is_as_if_it_had_been_counted_alone() =>
        Gen.Select(Gen.Double[-50, 50].Array[0, 40], Gen.Double[-50, 50].Array[1, 40], Gen.Int[-2, 5], Gen.Int[0, 4]).Sample((before, came, scale, coarser) =>
        {
            // Its SDK makes an exponential histogram coarser when its range grows.
            var all = Exponential([.. before, .. came], scale);
            all.TrySince(Exponential(before, scale + coarser), out var since).ShouldBeTrue();
            var alone = Exponential(came, scale);
            since.ShouldNotBeNull().Total.ShouldBe(came.Length);
            foreach (var level in new[] { 0.1, 0.5, 0.99 })
                since.Quantile(level).ShouldBe(alone.Quantile(level));

            Explicit([.. before, .. came]).TrySince(Explicit(before), out since).ShouldBeTrue();
            since.ShouldNotBeNull().Quantile(0.5).ShouldBe(Explicit(came).Quantile(0.5));
        }, seed: "0N0XIzNsQ0O2", iter: 2000);

    [Fact]
    public void Fewer_in_a_bucket_mean_a_new_count_and_other_bounds_say_nothing()
    {
        Explicit([3, 3]).TrySince(Explicit([3, 3, 3]), out _).ShouldBeFalse();
        Explicit([1, 1, 1, 1]).TrySince(Explicit([3]), out _).ShouldBeFalse();
        Exponential([9, 9, 9], 3).TrySince(Exponential([1], 3), out _).ShouldBeFalse();
        Exponential([9, 9, 9], 3).TrySince(Exponential([-9], 3), out _).ShouldBeFalse();
        new ExplicitBuckets([1, 3], [1, 1, 1]).TrySince(new ExplicitBuckets([1, 2], [9, 9, 9]), out var none).ShouldBeTrue();
        none.ShouldBeNull();
        Exponential([1], 3).TrySince(Explicit([1]), out none).ShouldBeTrue();
        none.ShouldBeNull();
    }

    [Fact]
    public void A_wider_zero_takes_in_what_earlier_points_had_beside_it()
    {
        var before = Exponential([0.25, 0.25, 8], 0);
        var after = new ExponentialBuckets(0, 2, 1, new IndexedCounts(2, [2]), default);
        after.TrySince(before, out var since).ShouldBeTrue();
        since.ShouldNotBeNull().Total.ShouldBe(1);
        since.Quantile(0.5).ShouldBeInRange(4, 8);
    }

    /// <summary>The value at a place in their order, and a level that means it, away from its neighbours'.</summary>
    static (double Level, double Value) Exact(double[] values, int place) =>
        ((place % values.Length + 0.5) / values.Length, values.Order().ElementAt(place % values.Length));

    static int BucketOf(double value) => _bounds.Count(bound => value > bound);

    static ExplicitBuckets Explicit(double[] values)
    {
        var counts = new double[_bounds.Length + 1];
        foreach (var value in values)
            counts[BucketOf(value)]++;
        return new ExplicitBuckets(_bounds, counts);
    }

    static ExponentialBuckets Exponential(double[] values, int scale) =>
        new(scale, values.Count(value => value == 0), 0, Indexed([.. values.Where(value => value > 0)], scale), Indexed([.. values.Where(value => value < 0).Select(Math.Abs)], scale));

    static IndexedCounts Indexed(double[] values, int scale)
    {
        if (values.Length == 0)
            return default;
        int[] indices = [.. values.Select(value => (int)Math.Ceiling(Math.Log2(value) * Math.ScaleB(1, scale)) - 1)];
        var counts = new double[indices.Max() - indices.Min() + 1];
        foreach (var index in indices)
            counts[index - indices.Min()]++;
        return new IndexedCounts(indices.Min(), counts);
    }
}
