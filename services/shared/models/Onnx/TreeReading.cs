using Forewarn.Analytics;

namespace Forewarn.Models;

/// <summary>The one forest of a model's graph, as it splits.</summary>
/// <param name="Input">Name of the value that the trees read.</param>
/// <param name="Trees">At least one.</param>
sealed record TreeReading(string Input, IReadOnlyList<SplitTree> Trees)
{
    /// <summary>Trees that <see cref="TreeInspection"/> found whole; null of those that split in another way than ours.</summary>
    /// <param name="input">Of the operator.</param>
    /// <param name="lists">Its attributes.</param>
    public static TreeReading? Of(string input, IReadOnlyDictionary<string, AttributeLists> lists)
    {
        List<long> trees = lists["nodes_treeids"].Ints, nodes = lists["nodes_nodeids"].Ints;
        if (lists.GetValueOrDefault("nodes_values")?.Floats is not { } thresholds || thresholds.Count != trees.Count
            || lists["nodes_modes"].Texts.Exists(mode => mode is not ("BRANCH_LEQ" or "LEAF")))
            return null;
        var places = trees.Zip(nodes).Select((id, at) => (id, at)).ToDictionary(node => node.id, node => node.at);

        // The first of a tree's nodes is its root.
        return new TreeReading(input, [.. trees.Select((tree, at) => (tree, at)).GroupBy(node => node.tree, node => node.at).Select(tree => Tree(tree.Key, [.. tree]))]);

        SplitTree Tree(long id, int[] own)
        {
            var index = own.Select((at, i) => (at, i)).ToDictionary(node => node.at, node => node.i);
            int Child(string of, int at) => index[places[(id, lists[of].Ints[at])]];
            bool[] isLeaf = [.. own.Select(at => lists["nodes_modes"].Texts[at] == "LEAF")];
            return new SplitTree(
                [.. own.Select((at, i) => isLeaf[i] ? -1 : (int)lists["nodes_featureids"].Ints[at])],
                [.. own.Select(at => thresholds[at])],
                [.. own.Select((at, i) => isLeaf[i] ? -1 : Child("nodes_truenodeids", at))],
                [.. own.Select((at, i) => isLeaf[i] ? -1 : Child("nodes_falsenodeids", at))]);
        }
    }
}
