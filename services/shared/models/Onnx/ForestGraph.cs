using Forewarn.Analytics;

namespace Forewarn.Models;

/// <summary>
/// An isolation forest as an ONNX graph of two operators: one <c>TreeEnsembleRegressor</c> whose leaves weigh
/// -(depth + c(n)) / (T c(psi)), summed over the trees, and <c>Pow(2, y)</c>, which makes that the score of Liu, Ting
/// and Zhou in (0, 1]. Input <c>X</c> is float32 [N, F], output <c>score</c> is float32 [N, 1].
/// </summary>
/// <remarks>
/// Splits are BRANCH_LEQ on the forest's own float32 thresholds, so a row takes the same path here and in C#. Only the
/// sum differs: ONNX Runtime adds float32 weights, which keeps scores within about 1e-6.
/// </remarks>
public static class ForestGraph
{
    /// <summary>The model file. The same forest and metadata give the same bytes.</summary>
    public static byte[] Write(IsolationForest forest, IReadOnlyList<KeyValuePair<string, string>> metadata)
    {
        ArgumentNullException.ThrowIfNull(forest);
        return Write("isolation-forest", forest.Trees, forest.Features, forest.Normaliser, metadata);
    }

    /// <summary>Half-space trees as they were trained: the same graph, leaves weigh their densities.</summary>
    public static byte[] Write(HalfSpaceForest forest, IReadOnlyList<KeyValuePair<string, string>> metadata)
    {
        ArgumentNullException.ThrowIfNull(forest);
        return Write("half-space-trees", forest.ToTrees(), forest.Features, forest.Usual, metadata);
    }

    static byte[] Write(string name, IReadOnlyList<ForestTree> trees, int features, double normaliser, IReadOnlyList<KeyValuePair<string, string>> metadata)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        return new OnnxModel
        {
            Name = name,
            Inputs = [new OnnxValue(GraphNames.Input, [null, features])],
            Outputs = [new OnnxValue(GraphNames.Output, [null, 1])],
            Initializers = [new OnnxTensor("two", [], [2f])],
            Nodes =
            [
                new OnnxNode("TreeEnsembleRegressor", [GraphNames.Input], ["path"])
                {
                    Domain = OnnxModel.MlDomain,
                    Attributes = Ensemble(trees, normaliser).Attributes(),
                },
                new OnnxNode("Pow", ["two", "path"], [GraphNames.Output]),
            ],
            Metadata = metadata,
        }.ToBytes();
    }

    /// <summary>Trees whose sum over the leaves of a row is -(mean path length) / normaliser.</summary>
    internal static TreeEnsemble Ensemble(IReadOnlyList<ForestTree> trees, double normaliser)
    {
        var scale = -1 / (trees.Count * normaliser);
        var ensemble = new TreeEnsemble();
        foreach (var tree in trees)
        {
            ensemble.Begin();
            for (var node = 0; node < tree.Nodes; node++)
            {
                if (tree.Feature[node] < 0)
                    ensemble.Leaf((float)(tree.PathLength[node] * scale));
                else
                    ensemble.Branch(tree.Feature[node], tree.Threshold[node], tree.Left[node], tree.Right[node]);
            }
        }
        return ensemble;
    }
}
