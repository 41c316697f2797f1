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
                    Attributes = new Ensemble(trees, normaliser).Attributes(),
                },
                new OnnxNode("Pow", ["two", "path"], [GraphNames.Output]),
            ],
            Metadata = metadata,
        }.ToBytes();
    }

    /// <summary>The trees one after another in the parallel lists of the operator; node ids start at 0 in each tree.</summary>
    sealed class Ensemble(IReadOnlyList<ForestTree> trees, double normaliser)
    {
        readonly List<long> _trees = [];
        readonly List<long> _nodes = [];
        readonly List<long> _features = [];
        readonly List<float> _thresholds = [];
        readonly List<string> _modes = [];
        readonly List<long> _left = [];
        readonly List<long> _right = [];
        readonly List<long> _leafTrees = [];
        readonly List<long> _leafNodes = [];
        readonly List<float> _leafWeights = [];

        public IReadOnlyList<OnnxAttribute> Attributes()
        {
            for (var i = 0; i < trees.Count; i++)
                Add(i, trees[i]);
            return
            [
                OnnxAttribute.Of("aggregate_function", "SUM"),
                OnnxAttribute.Of("n_targets", 1),
                OnnxAttribute.Of("nodes_falsenodeids", _right),
                OnnxAttribute.Of("nodes_featureids", _features),
                OnnxAttribute.Of("nodes_modes", _modes),
                OnnxAttribute.Of("nodes_nodeids", _nodes),
                OnnxAttribute.Of("nodes_treeids", _trees),
                OnnxAttribute.Of("nodes_truenodeids", _left),
                OnnxAttribute.Of("nodes_values", _thresholds.ToArray()),
                OnnxAttribute.Of("post_transform", "NONE"),
                OnnxAttribute.Of("target_ids", new long[_leafNodes.Count]),
                OnnxAttribute.Of("target_nodeids", _leafNodes),
                OnnxAttribute.Of("target_treeids", _leafTrees),
                OnnxAttribute.Of("target_weights", _leafWeights.ToArray()),
            ];
        }

        void Add(int treeId, ForestTree tree)
        {
            var scale = -1 / (trees.Count * normaliser);
            for (var node = 0; node < tree.Nodes; node++)
            {
                var leaf = tree.Feature[node] < 0;
                _trees.Add(treeId);
                _nodes.Add(node);
                _features.Add(leaf ? 0 : tree.Feature[node]);
                _thresholds.Add(tree.Threshold[node]);
                _modes.Add(leaf ? "LEAF" : "BRANCH_LEQ");
                _left.Add(leaf ? 0 : tree.Left[node]);
                _right.Add(leaf ? 0 : tree.Right[node]);
                if (!leaf)
                    continue;
                _leafTrees.Add(treeId);
                _leafNodes.Add(node);
                _leafWeights.Add((float)(tree.PathLength[node] * scale));
            }
        }
    }
}
