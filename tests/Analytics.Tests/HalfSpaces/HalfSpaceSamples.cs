using CsCheck;

namespace Forewarn.Analytics.Tests.HalfSpaces;

/// <summary>Rows and forests for tests.</summary>
static class HalfSpaceSamples
{
    /// <summary>Any rows one could meet, repeated values and constant columns included, and any size of forest.</summary>
    public static Gen<(float[] Rows, int Features, HalfSpaceOptions Options)> Any { get; } =
        from seed in Gen.Int[1, 100_000]
        from features in Gen.Int[1, 20]
        from count in Gen.Int[2, 200]
        from distinct in Gen.Int[1, 1000]
        from trees in Gen.Int[1, 30]
        from depth in Gen.Int[1, 8]
        select (Coarse(seed, count * features, distinct), features, new HalfSpaceOptions { Trees = trees, Depth = depth, Window = 100, Seed = seed });

    public static float[] Gaussian(long seed, int count, int features)
    {
        var random = new SeededRandom(seed);
        return [.. Enumerable.Range(0, count * features).Select(_ => (float)random.NextGaussian())];
    }

    public static HalfSpaceForest Forest(long seed, int features, int window = 200) =>
        HalfSpaceForest.Train(Gaussian(seed, 1000, features), 1000, features, new HalfSpaceOptions { Window = window, Seed = seed });

    static float[] Coarse(long seed, int count, int distinct)
    {
        var random = new SeededRandom(seed);
        return [.. Enumerable.Range(0, count).Select(_ => random.NextInt(distinct) * 0.37f)];
    }
}
