using Forewarn.Analytics;
using Forewarn.Bench.Rig;
using Forewarn.Models;

namespace Forewarn.Bench.Detection;

/// <summary>What a tick of an entity costs from its values to what a decision reads, and what its peers cost on the same rows.</summary>
static class TickCost
{
    const int Batch = DetectionWorld.Entities;
    const int Rounds = 300;
    const int Warm = 300;

    public static TickResult Measure(DetectionWorld world)
    {
        var (width, metrics) = (world.Joint.Inputs, world.Group.Metrics);
        float[] rows = new float[Batch * width], row = new float[width], pooled = new float[Batch * RowSpec.Count];
        float[] scores = new float[Batch], energy = new float[Batch * metrics], expected = new float[Batch * metrics];
        var present = new bool[Batch * metrics];
        int[] columns = [.. Enumerable.Range(0, metrics)];
        var (batch, scaling, tick) = (new JointBatch(world.Model, Batch), world.ScalingOf(), 0);
        for (; tick < Warm; tick++)
            world.Take(tick);

        Clock features = new(), gather = new(), graph = new(), single = new(), forest = new(), csharp = new();
        for (var round = -Rounds / 10; round < Rounds; round++)
        {
            features.Time(round, () => world.Take(tick++));
            gather.Time(round, Gather);
            graph.Time(round, () => ScoreAll(Batch));
            single.Time(round, () => ScoreAll(1));
            for (var entity = 0; entity < Batch; entity++)
                RowSpec.Fill(world.FeaturesOf(entity), metrics, pooled.AsSpan(entity * RowSpec.Count));
            forest.Time(round, () => world.Forest.Score(pooled, Batch, scores));
            batch.Clear();
            for (var entity = 0; entity < Batch; entity++)
                batch.AddScaled(rows.AsSpan(entity * width, width), present.AsSpan(entity * metrics, metrics), scaling);
            csharp.Time(round, batch.Score);
        }
        return new TickResult(
            features.Median / Batch, gather.Median / Batch, graph.Median / Batch, single.Median / Batch, forest.Median / Batch, csharp.Median / Batch,
            graph.RatioTo(csharp), graph.RatioTo(forest), world.File.Length);

        void Gather()
        {
            for (var entity = 0; entity < Batch; entity++)
            {
                JointRow.Gather(world.FeaturesOf(entity), columns, row);
                scaling.Apply(row, rows.AsSpan(entity * width, width), present.AsSpan(entity * metrics, metrics));
            }
        }

        void ScoreAll(int size)
        {
            for (var at = 0; at < Batch; at += size)
            {
                world.Joint.Score(
                    rows.AsSpan(at * width, size * width), size, scores.AsSpan(at),
                    new ScoreDetails(energy.AsSpan(at * metrics, size * metrics), expected.AsSpan(at * metrics, size * metrics)));
            }
            for (var entity = 0; entity < Batch; entity++)
                scores[entity] = GroupModel.ScoreOf(scores[entity], energy.AsSpan(entity * metrics, metrics), present.AsSpan(entity * metrics, metrics));
        }
    }
}

/// <summary>Microseconds of processor time for one entity's tick in a batch of 64, medians.</summary>
/// <param name="Features">Rolling features of 38 series.</param>
/// <param name="Gather">The joint row, scaled.</param>
/// <param name="Graph">The joint graph through ONNX Runtime.</param>
/// <param name="GraphAlone">The same, one row a run.</param>
/// <param name="ForestGraph">The forest of pooled rows through ONNX Runtime.</param>
/// <param name="CSharp">The joint model in C#.</param>
/// <param name="GraphToCSharp">Median of the rounds' ratios.</param>
/// <param name="GraphToForest">Median of the rounds' ratios.</param>
/// <param name="FileBytes">Of the joint model.</param>
sealed record TickResult(
    double Features, double Gather, double Graph, double GraphAlone, double ForestGraph, double CSharp, double GraphToCSharp, double GraphToForest, int FileBytes)
{
    /// <summary>From values to what a decision reads.</summary>
    public double Whole => Features + Gather + Graph;
}
