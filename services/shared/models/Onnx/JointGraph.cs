using Forewarn.Analytics;

namespace Forewarn.Models;

/// <summary>
/// A joint model as an ONNX graph. Input <c>X</c> is float32 [N, M x 12]: rows as <see cref="JointRow"/> gathers and
/// <see cref="JointScaling"/> scales them. Outputs, float32: <c>energy</c> [N, M], how rare each metric is; <c>expected</c>
/// [N, M], the scaled value that all metrics let expect of each; <c>score</c> [N, 1], the mean of the energies and what
/// neighbours and forest add. <c>energies</c> [N, R] is what the forest reads, asked for to explain an alarm.
/// </summary>
/// <remarks>
/// <c>MatMul</c>, <c>Gemm</c> and sums of squares make the three distances of a metric; one <c>MatMul</c>, <c>ReduceMin</c>
/// and <c>TopK</c> find the third neighbour among the references; <c>Sqrt, Add, Log</c> make all of them energies; trees
/// hold the forest, and a search finds the lines of all tails (<see cref="TailGraph"/>). The arithmetic is that of
/// <see cref="JointBatch"/> on the same float32 constants; only the order of sums is ONNX Runtime's own; what that comes
/// to says <see cref="JointProof"/>.
/// </remarks>
public static class JointGraph
{
    /// <summary>References that are searched together; both searches are about as long with 3,000 of them.</summary>
    const int GroupSize = 32;

    /// <summary>The model file. The same model and metadata give the same bytes.</summary>
    /// <param name="model">What the graph computes.</param>
    /// <param name="metadata">Beside the graph; <see cref="JointFile.Metadata"/> among it.</param>
    /// <exception cref="ArgumentException">The model looks for a neighbour among fewer references than its rank.</exception>
    public static byte[] Write(JointModel model, IReadOnlyList<KeyValuePair<string, string>> metadata)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(metadata);
        if (model.Neighbours is { Count: < Neighbours.Rank } few)
            throw new ArgumentException($"The model has {few.Count} references, where neighbour {Neighbours.Rank} is looked for: train it with more.", nameof(model));
        var graph = new GraphBuilder();
        var distances = (JointMembers.PerMetric * model.Metrics) + (model.Neighbours is null ? 0 : 1);
        AddScore(graph, model, AddForest(graph, model, AddDistances(graph, model)));
        return new OnnxModel
        {
            Name = "joint",
            Inputs = [new OnnxValue(GraphNames.Input, [null, model.Metrics * JointRow.Count])],
            Outputs =
            [
                new OnnxValue(GraphNames.Output, [null, 1]),
                new OnnxValue(GraphNames.Energy, [null, model.Metrics]),
                new OnnxValue(GraphNames.Expected, [null, model.Metrics]),
                new OnnxValue(GraphNames.ForestInput, [null, distances]),
            ],
            Initializers = graph.Constants,
            Nodes = graph.Nodes,
            Metadata = metadata,
        }.ToBytes();
    }

    // Energies that are logarithms of distances, [N, 3 M + 1]: member by member, metric by metric, then that of the third neighbour.
    static string AddDistances(GraphBuilder graph, JointModel model)
    {
        var metrics = model.Metrics;
        graph.Reshape("features", GraphNames.Input, metrics, JointRow.Count);
        graph.Node("Slice", "few", "features", graph.Integers("from_first", 0), graph.Integers("to_last_short", JointRow.ShortCount), graph.Integers("axis_2", 2));
        graph.Reshape("short", "few", metrics * JointRow.ShortCount);
        List<string> squares =
        [
            AddResidual(graph, "short", "short", model.Members.Short, metrics, JointRow.ShortCount),
            AddResidual(graph, "long", GraphNames.Input, model.Members.Long, metrics, JointRow.Count),
            AddSquares(graph, "conditional", graph.Node("MatMul", "whitened", "short", graph.Matrix("whitening", model.Members.Conditional.Whitening)), metrics, JointRow.ShortCount),
        ];
        List<float> floors = [.. Enumerable.Repeat(ResidualEnergy.Floor, JointMembers.PerMetric * metrics)];
        AddExpected(graph, model.Members.Short, metrics);
        if (model.Neighbours is { } neighbours)
        {
            graph.Node("Sqrt", "distance", graph.Sum("short_square", squares[0], axis: 1));
            squares.Add(AddNeighbours(graph, neighbours, graph.Concat("place", "short_components", "distance")));
            floors.Add(Neighbours.Floor);
        }
        graph.Node("Sqrt", "distances", graph.Concat("squares", [.. squares]));
        return graph.Node("Log", GraphNames.ForestInput, graph.Node("Add", "floored", "distances", graph.Vector("floors", [.. floors])));
    }

    // Squared distance of each metric from its reconstruction, [N, M]; what is restored has its sign turned, and is added.
    static string AddResidual(GraphBuilder graph, string name, string rows, ResidualEnergy residual, int metrics, int perMetric)
    {
        graph.Node("MatMul", $"{name}_components", rows, graph.Matrix($"{name}_project", residual.Project));
        return AddSquares(graph, name, graph.Node("Gemm", $"{name}_rest", $"{name}_components", graph.Matrix($"{name}_restore", residual.Restore, factor: -1), rows), metrics, perMetric);
    }

    static string AddSquares(GraphBuilder graph, string name, string of, int metrics, int perMetric) =>
        graph.Reduce("ReduceSumSquare", $"{name}_squares", graph.Reshape($"{name}_by_metric", of, metrics, perMetric), axis: 2);

    // The value of each metric as the short components restore it.
    static void AddExpected(GraphBuilder graph, ResidualEnergy residual, int metrics)
    {
        var restore = new float[residual.Components * metrics];
        for (var i = 0; i < restore.Length; i++)
            restore[i] = residual.Restore[i / metrics, i % metrics * JointRow.ShortCount];
        graph.Node("MatMul", GraphNames.Expected, "short_components", graph.Matrix("restore_values", metrics, restore));
    }

    // |x - r|^2 = |x|^2 + (|r|^2 - 2 x r): what stands in brackets is smallest for the nearest. The three nearest are in the
    // groups whose nearest are the three nearest: two short searches instead of one among all.
    static string AddNeighbours(GraphBuilder graph, Neighbours neighbours, string place)
    {
        var groups = Math.Max(Neighbours.Rank, (neighbours.Count + GroupSize - 1) / GroupSize);
        graph.Concat("place_and_one", place, graph.Node("Pow", "one", "distance", graph.Scalar("zero", 0)));
        graph.Node("MatMul", "nearness", "place_and_one", graph.Matrix("references", groups * GroupSize, References(neighbours, groups * GroupSize)));
        graph.Reshape("grouped", "nearness", groups, GroupSize);
        graph.Nearest("near_groups", graph.Reduce("ReduceMin", "group_nearness", "grouped", axis: 2));
        graph.Node("Unsqueeze", "which", "near_groups_indices", graph.Integers("axis_2", 2));
        graph.Node("GatherND", ["near"], ["grouped", "which"], OnnxAttribute.Of("batch_dims", 1));
        graph.Nearest("nearest", graph.Reshape("candidates", "near", Neighbours.Rank * GroupSize));
        graph.Node("Slice", "third", "nearest", graph.Integers("from_third", Neighbours.Rank - 1), graph.Integers("to_third", Neighbours.Rank), graph.Integers("axis_1", 1));
        graph.Node("Add", "third_sum", "third", graph.Reduce("ReduceSumSquare", "place_length", place, axis: 1, keep: true));
        return graph.Node("Relu", "third_square", "third_sum");
    }

    // A reference a column, times -2, and in the last row its squared length, which a one brings into the product: adding it
    // afterwards would write all nearnesses twice. What fills the last group is near to nothing.
    static float[] References(Neighbours neighbours, int columns)
    {
        var matrix = new float[(neighbours.Width + 1) * columns];
        for (var i = 0; i < neighbours.Width * neighbours.Count; i++)
        {
            var (coordinate, reference) = (i / neighbours.Count, i % neighbours.Count);
            matrix[(coordinate * columns) + reference] = -2 * neighbours.References[coordinate, reference];
        }
        var lengths = matrix.AsSpan(neighbours.Width * columns);
        neighbours.Lengths.CopyTo(lengths);
        lengths[neighbours.Count..].Fill(float.MaxValue);
        return matrix;
    }

    // The forest reads the first energies, and adds its own behind the last.
    static string AddForest(GraphBuilder graph, JointModel model, string energies)
    {
        if (model.Forest is not { } forest)
            return energies;
        graph.Trees("path", energies, ForestGraph.Ensemble(forest.Forest.Trees, forest.Forest.Normaliser));
        graph.Node("Pow", "isolation", graph.Scalar("two", 2), "path");
        return graph.Concat("all_energies", energies, graph.Node("Mul", "forest", "isolation", graph.Scalar("spread", EnergyForest.Spread)));
    }

    // A metric's energy is the sum of its members' rarities; the score takes their mean over the metrics, and what whole rows add.
    static void AddScore(GraphBuilder graph, JointModel model, string energies)
    {
        var (metrics, parts) = (model.Metrics, JointMembers.PerMetric * model.Metrics);
        List<EnergyTail> tails = [.. model.Tails.SelectMany(tails => tails)];
        List<float> weights = [.. Enumerable.Repeat(1f / metrics, parts)];
        foreach (var (has, tail) in (ReadOnlySpan<(bool, RowTail)>)[(model.Neighbours is not null, model.NeighbourTail), (model.Forest is not null, model.ForestTail)])
        {
            if (!has)
                continue;
            tails.Add(tail.Tail);
            weights.Add(tail.Weight);
        }
        var members = new float[tails.Count * metrics];
        for (var part = 0; part < parts; part++)
            members[(part * metrics) + (part % metrics)] = 1;
        var rarities = TailGraph.Add(graph, "rarities", energies, tails);
        var byRow = OnnxAttribute.Of("transA", 1);
        graph.Node("Gemm", [GraphNames.Energy], [rarities, graph.Matrix("members", metrics, members)], byRow);
        graph.Node("Gemm", [GraphNames.Output], [rarities, graph.Matrix("weights", 1, [.. weights])], byRow);
    }
}
