namespace Forewarn.Models;

/// <summary>
/// Trees one after another in the parallel lists of a <c>TreeEnsembleRegressor</c>: what their leaves weigh is summed up.
/// Node ids start at 0 in each tree, and node 0 is its root. A row goes left when its feature is at most
/// the threshold.
/// </summary>
sealed class TreeEnsemble
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
    readonly List<long> _leafTargets = [];
    readonly List<float> _leafWeights = [];
    int _tree = -1;
    int _node;

    /// <summary>Nodes that follow belong to the next tree.</summary>
    public void Begin() => (_tree, _node) = (_tree + 1, 0);

    public void Branch(int feature, float threshold, int left, int right) => Node(feature, threshold, "BRANCH_LEQ", left, right);

    /// <param name="weight">What a row that ends here gets.</param>
    public void Leaf(float weight)
    {
        _leafTrees.Add(_tree);
        _leafNodes.Add(_node);
        _leafTargets.Add(0);
        _leafWeights.Add(weight);
        Node(0, 0, "LEAF", 0, 0);
    }

    public IReadOnlyList<OnnxAttribute> Attributes() =>
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
        OnnxAttribute.Of("target_ids", _leafTargets),
        OnnxAttribute.Of("target_nodeids", _leafNodes),
        OnnxAttribute.Of("target_treeids", _leafTrees),
        OnnxAttribute.Of("target_weights", _leafWeights.ToArray()),
    ];

    void Node(int feature, float threshold, string mode, int left, int right)
    {
        _trees.Add(_tree);
        _nodes.Add(_node++);
        _features.Add(feature);
        _thresholds.Add(threshold);
        _modes.Add(mode);
        _left.Add(left);
        _right.Add(right);
    }
}
