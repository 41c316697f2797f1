namespace Forewarn.Analytics;

/// <summary>
/// What makes an isolation forest find a row strange: local DIFFI (Carletti, Terzi, Susto: Interpretable Anomaly Detection with
/// DIFFI, 2020). Each split on a row's way to a leaf of depth d credits its feature with 1/d - 1/(depth of the forest): early
/// leaves say more. A feature's importance is its mean credit over the splits on it. Immutable and thread-safe.
/// </summary>
public sealed class LocalDiffi
{
    readonly SplitTree[] _trees;
    readonly double _least;

    /// <param name="trees">Of the forest, at least one.</param>
    public LocalDiffi(IEnumerable<SplitTree> trees)
    {
        _trees = [.. trees];
        ArgumentOutOfRangeException.ThrowIfZero(_trees.Length, nameof(trees));
        Inputs = 1 + _trees.Max(tree => tree.Feature.Max());
        _least = 1.0 / Math.Max(1, _trees.Max(tree => tree.Depth()));
    }

    public static LocalDiffi Of(IsolationForest forest)
    {
        ArgumentNullException.ThrowIfNull(forest);
        return new LocalDiffi(forest.Trees.Select(tree => tree.Splits));
    }

    /// <summary>Numbers of a row that the trees split on, at most.</summary>
    public int Inputs { get; }

    /// <summary>Importances of a row's features: none is negative, their sum is 1, or all are 0 where every tree goes to its end.</summary>
    /// <param name="row">At least <see cref="Inputs"/> numbers.</param>
    /// <param name="importance">At least as many places; what the trees never split on is 0.</param>
    public void Explain(ReadOnlySpan<float> row, Span<double> importance)
    {
        if (row.Length < Inputs || importance.Length < Inputs)
            throw new ArgumentException($"The trees read {Inputs} numbers, the row has {row.Length} and there is room for {importance.Length}.", nameof(row));
        importance.Clear();
        var splits = new int[Inputs];
        foreach (var tree in _trees)
            Credit(tree, row, importance, splits);
        var sum = 0.0;
        for (var i = 0; i < Inputs; i++)
            sum += importance[i] /= Math.Max(1, splits[i]);
        for (var i = 0; i < Inputs && sum > 0; i++)
            importance[i] /= sum;
    }

    void Credit(SplitTree tree, ReadOnlySpan<float> row, Span<double> importance, int[] splits)
    {
        var depth = 0;
        for (var node = 0; tree.Feature[node] >= 0; node = tree.Next(node, row))
            depth++;
        var credit = (1.0 / Math.Max(1, depth)) - _least;
        for (var node = 0; tree.Feature[node] >= 0; node = tree.Next(node, row))
        {
            importance[tree.Feature[node]] += credit;
            splits[tree.Feature[node]]++;
        }
    }
}
