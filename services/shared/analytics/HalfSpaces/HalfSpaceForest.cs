using System.Numerics;

namespace Forewarn.Analytics;

/// <summary>
/// Half-space trees (Tan, Ting, Liu: Fast Anomaly Detection for Streaming Data, IJCAI 2011): perfect binary trees whose
/// splits halve a random range of a random feature, so that only the number of rows per leaf is learned, which a stream can
/// renew. This is the part that all entities share: the splits, and the leaves' masses on training rows;
/// <see cref="StreamingForest"/> is one entity's. Immutable and thread-safe.
/// </summary>
/// <remarks>
/// Unlike the paper, a tree does not give mass x 2^depth but its logarithm, log2(1 + mass x 2^depth / window): the mean over
/// trees is then one of densities in bits, no tree drowns the others, and the score has the form of an isolation forest's,
/// 2^(-mean / usual), in (0, 1]: 0.5 on the average training row, 1 where nobody ever was.
/// </remarks>
public sealed class HalfSpaceForest
{
    internal const int MaxTrees = 1000, MaxDepth = 12, MinWindow = 16, MaxWindow = 65_000;

    const byte FormatVersion = 1;
    const int MaxFeatures = 16_384;

    /// <summary>Share of training rows beyond the working range on either side: it must not stretch to the wildest.</summary>
    const double Cut = 0.01;

    readonly ushort[] _features;
    readonly float[] _thresholds;
    readonly ushort[] _masses;

    HalfSpaceForest(int trees, int depth, int window, int features, double usual, ushort[] splits, float[] thresholds, ushort[] masses)
    {
        (Trees, Depth, Window, Features, Usual) = (trees, depth, window, features, usual);
        (_features, _thresholds, _masses) = (splits, thresholds, masses);
    }

    public int Trees { get; }

    /// <summary>Splits from root to leaf.</summary>
    public int Depth { get; }

    /// <summary>Rows between two renewals.</summary>
    public int Window { get; }

    /// <summary>Length of a row.</summary>
    public int Features { get; }

    /// <summary>Mean density of the training rows, bits: what scores 0.5.</summary>
    public double Usual { get; }

    /// <summary>Leaves of all trees.</summary>
    public int Leaves => Trees << Depth;

    /// <summary>Rows per leaf in a window, on training rows; tree after tree.</summary>
    public ReadOnlySpan<ushort> Masses => _masses;

    int SplitsPerTree => (1 << Depth) - 1;

    /// <summary>Draws the trees and counts the rows.</summary>
    /// <param name="rows">Row-major, <paramref name="rowCount"/> x <paramref name="features"/>, finite.</param>
    /// <param name="rowCount">At least 2.</param>
    /// <param name="features">Length of a row.</param>
    /// <param name="options">Size and seed.</param>
    /// <exception cref="ArgumentException">Too few rows, wrong length, or a value that is not finite.</exception>
    public static HalfSpaceForest Train(ReadOnlySpan<float> rows, int rowCount, int features, HalfSpaceOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(rowCount, 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(features, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(features, MaxFeatures);
        if (rows.Length != (long)rowCount * features)
            throw new ArgumentException($"{rowCount} rows of {features} features are {(long)rowCount * features} numbers, got {rows.Length}.", nameof(rows));
        foreach (var value in rows)
        {
            if (!float.IsFinite(value))
                throw new ArgumentException("Every feature must be finite: impute or drop rows with NaN or infinity before training.", nameof(rows));
        }

        var (splits, thresholds) = HalfSpaceSplits.Draw(RangesOf(rows, rowCount, features), options);
        var empty = new HalfSpaceForest(options.Trees, options.Depth, options.Window, features, 1, splits, thresholds, new ushort[options.Trees << options.Depth]);
        var counts = new int[empty.Leaves];
        for (var row = 0; row < rowCount; row++)
        {
            for (var tree = 0; tree < options.Trees; tree++)
                counts[empty.LeafOf(tree, rows.Slice(row * features, features))]++;
        }
        var masses = Array.ConvertAll(counts, count => (ushort)Math.Round((double)count * options.Window / rowCount));
        var filled = empty.With(masses, 1);
        double density = 0;
        for (var row = 0; row < rowCount; row++)
            density += filled.Density(rows.Slice(row * features, features), masses) / rowCount;
        // Rows that fit no leaf at all would leave nothing to compare with.
        return empty.With(masses, Math.Max(density, 1));
    }

    /// <summary>By the masses of the training rows.</summary>
    public float Score(ReadOnlySpan<float> row) => Score(row, _masses);

    /// <summary>By other masses, one per leaf.</summary>
    public float Score(ReadOnlySpan<float> row, ReadOnlySpan<ushort> masses)
    {
        if (row.Length < Features)
            throw new ArgumentException($"The forest reads {Features} features, the row has {row.Length}.", nameof(row));
        return (float)Math.Pow(2, -Density(row, masses) / Usual);
    }

    /// <summary>Index of the leaf into which a row falls, among those of all trees.</summary>
    public int LeafOf(int tree, ReadOnlySpan<float> row)
    {
        // A heap: the children of node n are 2n + 1 and 2n + 2. NaN goes right, as in the exported graph.
        var (node, first) = (0, tree * SplitsPerTree);
        for (var level = 0; level < Depth; level++)
            node = (2 * node) + (row[_features[first + node]] <= _thresholds[first + node] ? 1 : 2);
        return (tree << Depth) + node - SplitsPerTree;
    }

    /// <summary>The trees as an isolation forest has them, a leaf's density in place of its path length.</summary>
    public IReadOnlyList<ForestTree> ToTrees() => [.. Enumerable.Range(0, Trees).Select(TreeOf)];

    /// <summary>All of it, for the model file.</summary>
    public byte[] ToBytes()
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write(FormatVersion);
        writer.Write((ushort)Trees);
        writer.Write((byte)Depth);
        writer.Write((ushort)Window);
        writer.Write((ushort)Features);
        writer.Write(Usual);
        foreach (var feature in _features)
            writer.Write(feature);
        foreach (var threshold in _thresholds)
            writer.Write(threshold);
        foreach (var mass in _masses)
            writer.Write(mass);
        return stream.ToArray();
    }

    /// <exception cref="InvalidDataException">These are not the bytes of such a forest.</exception>
    public static HalfSpaceForest FromBytes(byte[] bytes)
    {
        ArgumentNullException.ThrowIfNull(bytes);
        using var reader = new BinaryReader(new MemoryStream(bytes, writable: false));
        try
        {
            var version = reader.ReadByte();
            Require(version == FormatVersion, $"has format {version}, this code reads {FormatVersion}");
            int trees = reader.ReadUInt16(), depth = reader.ReadByte(), window = reader.ReadUInt16(), features = reader.ReadUInt16();
            var usual = reader.ReadDouble();
            Require(trees is >= 1 and <= MaxTrees && depth is >= 1 and <= MaxDepth && window is >= MinWindow and <= MaxWindow && features is >= 1 and <= MaxFeatures,
                $"claims {trees} trees, {depth} levels, a window of {window} and {features} features");
            Require(double.IsFinite(usual) && usual >= 1, "has no usable density");
            var inner = trees * ((1 << depth) - 1);
            Require(bytes.Length == reader.BaseStream.Position + (inner * (sizeof(ushort) + sizeof(float))) + ((trees << depth) * sizeof(ushort)), "is cut off or too long");
            var splits = Read(inner, reader.ReadUInt16);
            var thresholds = Read(inner, reader.ReadSingle);
            Require(Array.TrueForAll(splits, feature => feature < features), "splits a feature that no row has");
            Require(Array.TrueForAll(thresholds, float.IsFinite), "has a threshold that is not finite");
            return new HalfSpaceForest(trees, depth, window, features, usual, splits, thresholds, Read(trees << depth, reader.ReadUInt16));
        }
        catch (EndOfStreamException end)
        {
            throw new InvalidDataException("The half-space forest is cut off.", end);
        }
    }

    internal double Density(ReadOnlySpan<float> row, ReadOnlySpan<ushort> masses)
    {
        double sum = 0;
        for (var tree = 0; tree < Trees; tree++)
            sum += Bits(masses[LeafOf(tree, row)]);
        return sum / Trees;
    }

    float Bits(ushort mass) => (float)Math.Log2(1 + ((double)mass * (1 << Depth) / Window));

    HalfSpaceForest With(ushort[] masses, double usual) => new(Trees, Depth, Window, Features, usual, _features, _thresholds, masses);

    ForestTree TreeOf(int tree)
    {
        var (inner, nodes) = (SplitsPerTree, (2 * SplitsPerTree) + 1);
        var (feature, threshold, left, right, bits) = (new int[nodes], new float[nodes], new int[nodes], new int[nodes], new float[nodes]);
        for (var node = 0; node < nodes; node++)
        {
            if (node < inner)
                (feature[node], threshold[node], left[node], right[node]) = (_features[(tree * inner) + node], _thresholds[(tree * inner) + node], (2 * node) + 1, (2 * node) + 2);
            else
                (feature[node], left[node], right[node], bits[node]) = (-1, -1, -1, Bits(_masses[(tree << Depth) + node - inner]));
        }
        return new ForestTree(feature, threshold, left, right, bits);
    }

    /// <summary>Low and high end of the bulk of each feature.</summary>
    static (float Low, float High)[] RangesOf(ReadOnlySpan<float> rows, int rowCount, int features)
    {
        var ranges = new (float, float)[features];
        var column = new float[rowCount];
        for (var feature = 0; feature < features; feature++)
        {
            for (var row = 0; row < rowCount; row++)
                column[row] = rows[(row * features) + feature];
            Array.Sort(column);
            var cut = (int)(Cut * rowCount);
            ranges[feature] = (column[cut], column[rowCount - 1 - cut]);
        }
        return ranges;
    }

    static T[] Read<T>(int count, Func<T> next)
        where T : INumber<T>
    {
        var values = new T[count];
        for (var i = 0; i < count; i++)
            values[i] = next();
        return values;
    }

    static void Require(bool fulfilled, string otherwise)
    {
        if (!fulfilled)
            throw new InvalidDataException($"The half-space forest {otherwise}.");
    }
}
