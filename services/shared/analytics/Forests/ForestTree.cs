namespace Forewarn.Analytics;

/// <summary>
/// One isolation tree in flat arrays; node 0 is the root. A row goes left when x &lt;= threshold (ONNX BRANCH_LEQ) and
/// right otherwise, so NaN goes right. Leaves have <see cref="Feature"/> -1, no children (-1) and a path length.
/// </summary>
/// <param name="Feature">Split feature per node, -1 for a leaf.</param>
/// <param name="Threshold">Split value per node, 0 for a leaf.</param>
/// <param name="Left">Child for x &lt;= threshold, -1 for a leaf.</param>
/// <param name="Right">Child for everything else, -1 for a leaf.</param>
/// <param name="PathLength">Leaf: depth + c(rows that ended here); inner node: 0.</param>
public sealed record ForestTree(int[] Feature, float[] Threshold, int[] Left, int[] Right, float[] PathLength)
{
    public int Nodes => Feature.Length;

    /// <summary>The same without what its leaves say.</summary>
    public SplitTree Splits => new(Feature, Threshold, Left, Right);

    public float PathLengthOf(ReadOnlySpan<float> row)
    {
        var node = 0;
        while (Feature[node] >= 0)
        {
            node = row[Feature[node]] <= Threshold[node] ? Left[node] : Right[node];
        }

        return PathLength[node];
    }
}
