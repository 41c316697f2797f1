namespace Forewarn.Analytics;

/// <summary>How a tree splits, whatever its leaves say; node 0 is the root, and every node has one parent at most.</summary>
/// <param name="Feature">Split feature per node, -1 for a leaf.</param>
/// <param name="Threshold">Split value per node.</param>
/// <param name="Left">Child for x &lt;= threshold.</param>
/// <param name="Right">Child for everything else.</param>
public sealed record SplitTree(int[] Feature, float[] Threshold, int[] Left, int[] Right)
{
    /// <summary>Where a row goes from a node that is no leaf.</summary>
    public int Next(int node, ReadOnlySpan<float> row) => row[Feature[node]] <= Threshold[node] ? Left[node] : Right[node];

    /// <summary>Splits above the deepest leaf.</summary>
    public int Depth()
    {
        var (deepest, open) = (0, new Stack<(int Node, int Depth)>([(0, 0)]));
        while (open.TryPop(out var at))
        {
            deepest = Math.Max(deepest, at.Depth);
            if (Feature[at.Node] < 0)
                continue;
            open.Push((Left[at.Node], at.Depth + 1));
            open.Push((Right[at.Node], at.Depth + 1));
        }
        return deepest;
    }
}
