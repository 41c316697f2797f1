using Forewarn.Analytics;

namespace Forewarn.Models;

/// <summary>
/// A joint model as an ONNX graph. Input <c>X</c> is float32 [N, M x 12]: rows as <see cref="JointRow"/> gathers and
/// <see cref="JointScaling"/> scales them. Outputs, float32: <c>energy</c> [N, M], how rare each metric is; <c>expected</c>
/// [N, M], the scaled value that all metrics let expect of each; <c>score</c> [N, 1], the mean of the energies and what
/// neighbours and forest add.
/// </summary>
/// <remarks>
/// <c>MatMul</c> and sums of squares make the three distances of a metric, <c>Sqrt, Add, Log</c> their energies; one
/// <c>Gemm</c> and <c>TopK</c> find the third neighbour among the references; trees hold the forest, and the lines of all
/// tails (<see cref="TailGraph"/>). The operators are those of <see cref="JointBatch"/> on the same float32 constants; only
/// the order of sums is ONNX Runtime's own; what that comes to says <see cref="JointProof"/>.
/// </remarks>
public static class JointGraph
{
    const string Energies = "energies";

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
        var place = AddMembers(graph, model.Members, model.Metrics);
        AddRarities(graph, model);
        AddScore(graph, RowParts(graph, model, place));
        return new OnnxModel
        {
            Name = "joint",
            Inputs = [new OnnxValue(GraphNames.Input, [null, model.Metrics * JointRow.Count])],
            Outputs =
            [
                new OnnxValue(GraphNames.Output, [null, 1]),
                new OnnxValue(GraphNames.Energy, [null, model.Metrics]),
                new OnnxValue(GraphNames.Expected, [null, model.Metrics]),
            ],
            Initializers = graph.Constants,
            Nodes = graph.Nodes,
            Metadata = metadata,
        }.ToBytes();
    }

    // Energies [N, 3 M], member by member; returns where rows stand among their neighbours.
    static string AddMembers(GraphBuilder graph, JointMembers members, int metrics)
    {
        graph.Reshape("features", GraphNames.Input, metrics, JointRow.Count);
        graph.Node("Slice", "few", "features", graph.Integers("from_first", 0), graph.Integers("to_last_short", JointRow.ShortCount), graph.Integers("axis_2", 2));
        graph.Reshape("short", "few", metrics * JointRow.ShortCount);
        string[] squares =
        [
            AddResidual(graph, "short", "short", members.Short, metrics, JointRow.ShortCount),
            AddResidual(graph, "long", GraphNames.Input, members.Long, metrics, JointRow.Count),
            AddSquares(graph, "conditional", graph.Node("MatMul", "whitened", "short", graph.Matrix("whitening", members.Conditional.Whitening)), metrics, JointRow.ShortCount),
        ];
        graph.Reshape("restored_by_metric", "short_restored", metrics, JointRow.ShortCount);
        graph.Node("Gather", [GraphNames.Expected], ["restored_by_metric", graph.Index("value_of_metric", 0)], OnnxAttribute.Of("axis", 2));
        AddEnergy(graph, Energies, graph.Concat("squares", squares), ResidualEnergy.Floor);
        graph.Node("Sqrt", "distance", graph.Sum("short_square", squares[0], axis: 1, keep: true));
        return graph.Concat("place", "short_components", "distance");
    }

    // Squared distance of each metric from its reconstruction, [N, M].
    static string AddResidual(GraphBuilder graph, string name, string rows, ResidualEnergy residual, int metrics, int perMetric)
    {
        graph.Node("MatMul", $"{name}_components", rows, graph.Matrix($"{name}_project", residual.Project));
        graph.Node("MatMul", $"{name}_restored", $"{name}_components", graph.Matrix($"{name}_restore", residual.Restore));
        return AddSquares(graph, name, graph.Node("Sub", $"{name}_rest", rows, $"{name}_restored"), metrics, perMetric);
    }

    static string AddSquares(GraphBuilder graph, string name, string of, int metrics, int perMetric) =>
        graph.Reduce("ReduceSumSquare", $"{name}_squares", graph.Reshape($"{name}_by_metric", of, metrics, perMetric), axis: 2);

    static string AddEnergy(GraphBuilder graph, string name, string squares, float floor)
    {
        graph.Node("Sqrt", $"{name}_roots", squares);
        graph.Node("Add", $"{name}_floored", $"{name}_roots", graph.Scalar($"{name}_floor", floor));
        return graph.Node("Log", name, $"{name}_floored");
    }

    static void AddRarities(GraphBuilder graph, JointModel model)
    {
        TailGraph.Add(graph, "rarities", Energies, [.. model.Tails.SelectMany(tails => tails)]);
        graph.Sum(GraphNames.Energy, graph.Reshape("by_member", "rarities", JointMembers.PerMetric, model.Metrics), axis: 1);
    }

    // The energies of whole rows, [N, 1] each, and their tails.
    static List<(string Energy, RowTail Tail)> Parts(GraphBuilder graph, JointModel model, string place)
    {
        var parts = new List<(string, RowTail)>();
        if (model.Neighbours is { } neighbours)
            parts.Add((AddNeighbours(graph, neighbours, place), model.NeighbourTail));
        if (model.Forest is { } forest)
        {
            graph.Trees("path", Energies, ForestGraph.Ensemble(forest.Forest.Trees, forest.Forest.Normaliser));
            graph.Node("Pow", "isolation", graph.Scalar("two", 2), "path");
            parts.Add((graph.Node("Mul", "forest", "isolation", graph.Scalar("spread", EnergyForest.Spread)), model.ForestTail));
        }
        return parts;
    }

    // What they add to the score, [N, 1]; null when there are none.
    static string? RowParts(GraphBuilder graph, JointModel model, string place)
    {
        var parts = Parts(graph, model, place);
        if (parts.Count == 0)
            return null;
        graph.Concat("row_energies", [.. parts.Select(part => part.Energy)]);
        TailGraph.Add(graph, "row_rarities", "row_energies", [.. parts.Select(part => part.Tail.Tail)]);
        return graph.Node("MatMul", "row_part", "row_rarities", graph.Column("row_weights", [.. parts.Select(part => part.Tail.Weight)]));
    }

    // |x - r|^2 = |x|^2 + (|r|^2 - 2 x r): what stands in brackets is smallest for the nearest.
    static string AddNeighbours(GraphBuilder graph, Neighbours neighbours, string place)
    {
        graph.Node("Gemm", "nearness", place, graph.Matrix("references", neighbours.References, factor: -2), graph.Vector("lengths", neighbours.Lengths));
        graph.Node("TopK", ["nearest", "nearest_indices"], ["nearness", graph.Integers("rank", Neighbours.Rank)],
            OnnxAttribute.Of("axis", 1), OnnxAttribute.Of("largest", 0), OnnxAttribute.Of("sorted", 1));
        graph.Node("Slice", "third", "nearest", graph.Integers("from_third", Neighbours.Rank - 1), graph.Integers("to_third", Neighbours.Rank), graph.Integers("axis_1", 1));
        graph.Node("Add", "third_square", "third", graph.Reduce("ReduceSumSquare", "place_length", place, axis: 1, keep: true));
        return AddEnergy(graph, "neighbour", graph.Node("Relu", "third_distance", "third_square"), Neighbours.Floor);
    }

    static void AddScore(GraphBuilder graph, string? rowPart)
    {
        graph.Reduce("ReduceMean", rowPart is null ? GraphNames.Output : "mean_energy", GraphNames.Energy, axis: 1, keep: true);
        if (rowPart is not null)
            graph.Node("Add", GraphNames.Output, "mean_energy", rowPart);
    }
}
