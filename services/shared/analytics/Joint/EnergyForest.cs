namespace Forewarn.Analytics;

/// <summary>An Isolation Forest on a row's short residual energies: how easily their combination is told from ordinary ones.</summary>
sealed class EnergyForest(IsolationForest forest)
{
    const byte CheckpointVersion = 1;
    const int MaxTrees = 1000;
    const int MaxNodes = 1 << 16;

    // Tails tell apart what differs by a thousandth.
    public const float Spread = 10;

    public IsolationForest Forest => forest;

    /// <param name="energies">Row-major, <paramref name="metrics"/> a row.</param>
    /// <param name="rows">How many, at least 2.</param>
    /// <param name="metrics">Length of a row.</param>
    /// <param name="seed">Draws samples and splits.</param>
    public static EnergyForest Of(float[] energies, int rows, int metrics, long seed) =>
        new(IsolationForest.Train(energies, rows, metrics, new ForestOptions { Seed = seed, Stretched = 0 }));

    /// <summary>Energy of a row: the forest's score, stretched.</summary>
    public float Energy(ReadOnlySpan<float> energies) => Spread * forest.Score(energies);

    public void Write(BinaryWriter w)
    {
        w.Write(CheckpointVersion);
        w.Write(forest.SampleSize);
        w.Write(forest.Features);
        w.Write(forest.Trees.Count);
        foreach (var tree in forest.Trees)
        {
            w.Write(tree.Nodes);
            for (var node = 0; node < tree.Nodes; node++)
            {
                w.Write(tree.Feature[node]);
                w.Write(tree.Left[node]);
                w.Write(tree.Right[node]);
            }
            w.WriteFloats(tree.Threshold);
            w.WriteFloats(tree.PathLength);
        }
    }

    /// <exception cref="InvalidDataException">The bytes are no forest of this version.</exception>
    public static EnergyForest Read(BinaryReader r)
    {
        r.ExpectVersion(CheckpointVersion, "a forest of energies");
        var (sample, features) = (r.ReadBoundedCount(int.MaxValue), r.ReadBoundedCount(JointRow.MaxMetrics));
        var trees = new ForestTree[r.ReadBoundedCount(MaxTrees)];
        for (var i = 0; i < trees.Length; i++)
        {
            var nodes = r.ReadBoundedCount(MaxNodes);
            if (nodes == 0)
                throw new InvalidDataException($"Tree {i} in the checkpoint of a forest has no node; discard it and train anew.");
            int[] feature = new int[nodes], left = new int[nodes], right = new int[nodes];
            for (var node = 0; node < nodes; node++)
            {
                (feature[node], left[node], right[node]) = (r.ReadInt32(), r.ReadInt32(), r.ReadInt32());
                // Children lie behind their parent, so that every walk ends.
                if (feature[node] >= features || (feature[node] >= 0 && (left[node] <= node || right[node] <= node || left[node] >= nodes || right[node] >= nodes)))
                    throw new InvalidDataException($"Node {node} of tree {i} in the checkpoint of a forest leads nowhere; discard it and train anew.");
            }
            trees[i] = new ForestTree(feature, r.ReadFloats(nodes), left, right, r.ReadFloats(nodes));
        }
        if (trees.Length == 0)
            throw new InvalidDataException("The checkpoint of a forest holds no tree; discard it and train anew.");
        return new EnergyForest(new IsolationForest(trees, sample, features));
    }
}
