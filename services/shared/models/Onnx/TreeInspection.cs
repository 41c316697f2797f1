namespace Forewarn.Models;

/// <summary>
/// Checks that the trees of an ensemble are trees: parallel lists of one length, unique nodes, children that exist, every
/// node reached once at most. The native runtime follows these ids as pointers.
/// </summary>
static class TreeInspection
{
    /// <summary>Far above what a feature row can have; keeps a damaged id from being used as an address.</summary>
    const long MaxFeature = 16384;

    const long MaxTargets = 16384;

    /// <param name="lists">The operator's attributes by name.</param>
    /// <exception cref="ModelRefusedException">What is wrong with the trees.</exception>
    public static void Check(IReadOnlyDictionary<string, AttributeLists> lists)
    {
        var trees = Ints(lists, "nodes_treeids");
        var count = trees.Count;
        var nodes = Ints(lists, "nodes_nodeids", count);
        var left = Ints(lists, "nodes_truenodeids", count);
        var right = Ints(lists, "nodes_falsenodeids", count);
        var modes = lists.GetValueOrDefault("nodes_modes")?.Texts ?? [];
        if (modes.Count != count || count == 0)
            throw Refuse($"'nodes_modes' has {modes.Count} entries for {count} nodes");
        if (Ints(lists, "nodes_featureids", count).Exists(feature => feature is < 0 or > MaxFeature))
            throw Refuse("a split reads an input that cannot exist");

        var index = new Dictionary<(long, long), int>(count);
        for (var i = 0; i < count; i++)
        {
            if (!index.TryAdd((trees[i], nodes[i]), i))
                throw Refuse($"tree {trees[i]} has node {nodes[i]} twice");
        }
        var reached = new bool[count];
        for (var i = 0; i < count; i++)
        {
            if (modes[i] == "LEAF")
                continue;
            Reach(index, reached, trees[i], left[i]);
            Reach(index, reached, trees[i], right[i]);
        }
        RequireRoots(trees, reached);
        RequireLeaves(lists, index, modes);
        RequireTargets(lists);
    }

    static void Reach(Dictionary<(long, long), int> index, bool[] reached, long tree, long node)
    {
        if (!index.TryGetValue((tree, node), out var child))
            throw Refuse($"tree {tree} leads to node {node}, which does not exist");
        if (reached[child])
            throw Refuse($"tree {tree} leads to node {node} twice");
        reached[child] = true;
    }

    // With one parent per node at most, a tree without a free node would be a ring; the free one must come first, where
    // the runtime looks for it. Any ring beside it is cut off from the root and never walked.
    static void RequireRoots(List<long> trees, bool[] reached)
    {
        for (var i = 0; i < trees.Count; i++)
        {
            if ((i == 0 || trees[i] != trees[i - 1]) && reached[i])
                throw Refuse($"tree {trees[i]} does not begin with its root");
        }
    }

    static void RequireLeaves(IReadOnlyDictionary<string, AttributeLists> lists, Dictionary<(long, long), int> index, List<string> modes)
    {
        var kind = lists.ContainsKey("class_treeids") ? "class" : "target";
        var trees = Ints(lists, $"{kind}_treeids");
        var nodes = Ints(lists, $"{kind}_nodeids", trees.Count);
        for (var i = 0; i < trees.Count; i++)
        {
            if (!index.TryGetValue((trees[i], nodes[i]), out var leaf) || modes[leaf] != "LEAF")
                throw Refuse($"a weight belongs to node {nodes[i]} of tree {trees[i]}, which is no leaf");
        }
    }

    // The runtime adds each weight to the place its target id names.
    static void RequireTargets(IReadOnlyDictionary<string, AttributeLists> lists)
    {
        if (!lists.TryGetValue("n_targets", out var given))
            return;
        var count = given.Ints is [var one] ? one : 0;
        if (count is < 1 or > MaxTargets || Ints(lists, "target_ids", Ints(lists, "target_nodeids").Count).Exists(target => target < 0 || target >= count))
            throw Refuse($"a weight belongs to a target beyond the {count} there are");
    }

    static List<long> Ints(IReadOnlyDictionary<string, AttributeLists> lists, string name, int? count = null)
    {
        var values = lists.GetValueOrDefault(name)?.Ints ?? throw Refuse($"'{name}' is missing");
        return count is { } expected && values.Count != expected
            ? throw Refuse($"'{name}' has {values.Count} entries for {expected}")
            : values;
    }

    static ModelRefusedException Refuse(string what) => new($"The trees of the model are damaged: {what}.");
}
