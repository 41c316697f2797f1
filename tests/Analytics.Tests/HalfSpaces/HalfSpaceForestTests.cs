using CsCheck;

namespace Forewarn.Analytics.Tests.HalfSpaces;

public sealed class HalfSpaceForestTests
{
    [Fact]
    public void The_same_rows_and_seed_give_the_same_forest_bit_for_bit() => HalfSpaceSamples.Any.Sample(
        sample =>
        {
            var (rows, features, options) = sample;
            var count = rows.Length / features;
            var first = HalfSpaceForest.Train(rows, count, features, options).ToBytes();

            HalfSpaceForest.Train(rows, count, features, options).ToBytes().ShouldBe(first);
            HalfSpaceForest.Train(rows, count, features, options with { Seed = options.Seed + 1 }).ToBytes().ShouldNotBe(first);
        },
        iter: 50);

    [Fact]
    public void It_comes_back_from_its_bytes() => HalfSpaceSamples.Any.Sample(
        sample =>
        {
            var (rows, features, options) = sample;
            var forest = HalfSpaceForest.Train(rows, rows.Length / features, features, options);
            var back = HalfSpaceForest.FromBytes(forest.ToBytes());

            for (var row = 0; row < rows.Length / features; row++)
            {
                back.Score(rows.AsSpan(row * features, features)).ShouldBe(forest.Score(rows.AsSpan(row * features, features)));
            }
        },
        iter: 50);

    [Fact]
    public void Scores_lie_between_zero_and_one_the_average_row_at_a_half_and_nowhere_at_one()
    {
        var rows = HalfSpaceSamples.Gaussian(seed: 1, 5000, 4);
        var forest = HalfSpaceForest.Train(rows, 5000, 4, new HalfSpaceOptions());
        var scores = Enumerable.Range(0, 5000).Select(row => forest.Score(rows.AsSpan(row * 4, 4))).ToArray();

        scores.ShouldAllBe(score => score > 0 && score <= 1);
        scores.Average().ShouldBe(0.5f, 0.05f);
        forest.Score([50, 50, -50, 50]).ShouldBeGreaterThan(0.8f);
        Gen.Float.Array[4].Sample(row => forest.Score(row).ShouldBeInRange(0, 1), iter: 1000);
    }

    [Fact]
    public void Outliers_stand_out_of_what_it_has_not_seen()
    {
        var forest = HalfSpaceForest.Train(HalfSpaceSamples.Gaussian(seed: 2, 4000, 5), 4000, 5, new HalfSpaceOptions());
        var unseen = HalfSpaceSamples.Gaussian(seed: 3, 500, 5);
        var ordinary = Enumerable.Range(0, 500).Select(row => forest.Score(unseen.AsSpan(row * 5, 5))).ToArray();
        var strange = Enumerable.Range(0, 500).Select(row => forest.Score([.. unseen.AsSpan(row * 5, 5).ToArray().Select(value => value + 4)])).ToArray();

        strange.Average(p => ordinary.Average(n => p > n ? 1.0 : p == n ? 0.5 : 0)).ShouldBeGreaterThan(0.95);
    }

    [Fact]
    public void A_feature_that_never_changed_still_tells_when_it_does()
    {
        var rows = HalfSpaceSamples.Gaussian(seed: 4, 2000, 3);
        for (var at = 1; at < rows.Length; at += 3)
        {
            rows[at] = 7;
        }

        var forest = HalfSpaceForest.Train(rows, 2000, 3, new HalfSpaceOptions());
        forest.Score([0, 30, 0]).ShouldBeGreaterThan(forest.Score([0, 7, 0]));
    }

    [Fact]
    public void Bad_input_is_refused_by_name()
    {
        Should.Throw<ArgumentException>(() => HalfSpaceForest.Train([1, 2, 3], 2, 2, new HalfSpaceOptions())).Message.ShouldContain("4 numbers, got 3");
        Should.Throw<ArgumentException>(() => HalfSpaceForest.Train([1, 2, float.NaN, 4], 2, 2, new HalfSpaceOptions())).Message.ShouldContain("finite");
        Should.Throw<ArgumentOutOfRangeException>(() => new HalfSpaceOptions { Depth = 40 }).Message.ShouldContain("levels");
        Should.Throw<ArgumentException>(() => HalfSpaceSamples.Forest(seed: 5, 4).Score([1, 2])).Message.ShouldContain("4 features");
    }

    [Fact]
    public void Damaged_and_cut_off_bytes_are_refused_or_still_a_forest()
    {
        var good = HalfSpaceSamples.Forest(seed: 6, 3).ToBytes();
        Gen.Int[0, good.Length - 1].Sample(length => Should.Throw<InvalidDataException>(() => HalfSpaceForest.FromBytes(good[..length])), iter: 200);
        Should.Throw<InvalidDataException>(() => HalfSpaceForest.FromBytes([.. good, 0])).Message.ShouldContain("too long");
        Gen.Select(Gen.Int[0, good.Length - 1], Gen.Byte).Array[1, 8].Sample(
            changes =>
            {
                var damaged = (byte[])good.Clone();
                foreach (var (at, value) in changes)
                {
                    damaged[at] = value;
                }

                try
                {
                    HalfSpaceForest.FromBytes(damaged).Score([1, 2, 3]).ShouldBeInRange(0, 1);
                }
                catch (Exception refused) when (refused is InvalidDataException or ArgumentException)
                {
                    refused.Message.ShouldNotBeEmpty();
                }
            },
            iter: 1000, threads: 1);
    }
}
