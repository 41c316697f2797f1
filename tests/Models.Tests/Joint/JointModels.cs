using Forewarn.Analytics;

namespace Forewarn.Models.Tests.Joint;

/// <summary>Joint models and rows for tests: metrics that follow common causes, and noise of each.</summary>
static class JointModels
{
    /// <summary>Features of an entity, row-major.</summary>
    /// <param name="seed">Decides the rows.</param>
    /// <param name="rows">How many.</param>
    /// <param name="metrics">In each row; the last of several never changes.</param>
    /// <param name="missing">Share of metrics that are not there.</param>
    /// <param name="strange">Share of rows in which one metric leaves the others.</param>
    public static float[] Features(long seed, int rows, int metrics, double missing = 0, double strange = 0)
    {
        var (causes, random) = (new SeededRandom(99), new SeededRandom(seed));
        var mixing = Numbers(causes, metrics * JointRow.Count * 3);
        var features = new float[rows * metrics * JointRow.Count];
        for (var row = 0; row < rows; row++)
        {
            var common = Numbers(random, 3);
            var left = random.NextDouble() < strange ? random.NextInt(metrics) : -1;
            for (var metric = 0; metric < metrics; metric++)
            {
                var own = features.AsSpan(((row * metrics) + metric) * JointRow.Count, JointRow.Count);
                Fill(own, metric, common, mixing, random, metric == left ? 4 : 0);
                if (metrics > 1 && metric == metrics - 1)
                    own.Fill(7);
                if (random.NextDouble() < missing)
                    own.Fill(float.NaN);
            }
        }
        return features;
    }

    public static TrainedJoint Train(long seed, int metrics, int rows = 600, double missing = 0, JointOptions? options = null) =>
        JointTraining.Run([Features(seed, rows, metrics, missing), Features(seed + 1, rows, metrics, missing)], metrics, options ?? new JointOptions { Seed = seed });

    /// <summary>A whole file of a group of two entities, <c>a</c> and <c>b</c>.</summary>
    public static byte[] File(TrainedJoint trained) => JointGraph.Write(trained.Model, Metadata(trained));

    public static KeyValuePair<string, string>[] Metadata(TrainedJoint trained) => JointFile.Metadata(Columns(trained.Model.Metrics), Entities(trained));

    public static GroupModel Read(OnnxScorer scorer, TrainedJoint trained) =>
        GroupModel.Of("0123456789abcdef", scorer, CalibrationPrior.FromScores(trained.Scores)).ShouldNotBeNull();

    public static ReadOnlySpan<float> Row(float[] features, int row, int metrics) =>
        features.AsSpan(row * metrics * JointRow.Count, metrics * JointRow.Count);

    public static float[] Scaled(float[] features, JointScaling scaling, int metrics)
    {
        var (scaled, width) = (new float[features.Length], metrics * JointRow.Count);
        for (var at = 0; at < features.Length; at += width)
            scaling.Apply(features.AsSpan(at, width), scaled.AsSpan(at, width), new bool[metrics]);
        return scaled;
    }

    public static string[] Columns(int metrics) => [.. Enumerable.Range(0, metrics).Select(metric => $"{metric:x8}")];

    public static Dictionary<string, JointScaling> Entities(TrainedJoint trained) =>
        trained.Scalings.Select((scaling, i) => (Name: $"{(char)('a' + i)}", scaling)).ToDictionary(entity => entity.Name, entity => entity.scaling, StringComparer.Ordinal);

    static void Fill(Span<float> own, int metric, float[] common, float[] mixing, SeededRandom random, float extra)
    {
        for (var i = 0; i < own.Length; i++)
        {
            var at = ((metric * JointRow.Count) + i) * 3;
            own[i] = (10 * metric) + (mixing[at] * common[0]) + (mixing[at + 1] * common[1]) + (mixing[at + 2] * common[2]) + (0.3f * (float)random.NextGaussian()) + extra;
        }
    }

    static float[] Numbers(SeededRandom random, int count) => [.. Enumerable.Range(0, count).Select(_ => (float)random.NextGaussian())];
}
