using CsCheck;
using Forewarn.Analytics;

namespace Forewarn.Models.Tests;

/// <summary>Forests and rows for tests.</summary>
static class Forests
{
    public static float[] Rows(long seed, int count, int features)
    {
        var random = new SeededRandom(seed);
        var rows = new float[count * features];
        for (var i = 0; i < rows.Length; i++)
            rows[i] = (float)random.NextGaussian();
        return rows;
    }

    public static IsolationForest Grow(long seed, int rows = 300, int features = 6, int trees = 20, int sampleSize = 64) =>
        IsolationForest.Train(Rows(seed, rows, features), rows, features, new ForestOptions { Trees = trees, SampleSize = sampleSize, Seed = seed });

    public static byte[] Onnx(IsolationForest forest) => ForestGraph.Write(forest, []);

    /// <summary>Any forest one could meet: few rows, repeated values, constant columns, one tree.</summary>
    public static Gen<(IsolationForest Forest, int Seed)> Any { get; } =
        from seed in Gen.Int[1, 100_000]
        from features in Gen.Int[1, 30]
        from count in Gen.Int[2, 400]
        from trees in Gen.Int[1, 120]
        from sample in Gen.Int[2, 256]
        from distinct in Gen.Int[1, 1000]
        select (Grow(seed, features, count, trees, sample, distinct), seed);

    static IsolationForest Grow(int seed, int features, int count, int trees, int sample, int distinct)
    {
        var random = new SeededRandom(seed);
        var rows = new float[count * features];
        for (var i = 0; i < rows.Length; i++)
            rows[i] = random.NextInt(distinct) * 0.37f;
        return IsolationForest.Train(rows, count, features, new ForestOptions { Trees = trees, SampleSize = sample, Seed = seed });
    }

    public static float MaxDifference(IsolationForest forest, OnnxScorer scorer, float[] rows, int count)
    {
        var scores = new float[count];
        scorer.Score(rows, count, scores);
        var worst = 0f;
        for (var i = 0; i < count; i++)
        {
            var difference = Math.Abs(scores[i] - forest.Score(rows.AsSpan(i * forest.Features, forest.Features)));
            worst = float.IsNaN(difference) ? float.PositiveInfinity : Math.Max(worst, difference);
        }
        return worst;
    }
}
