namespace Forewarn.Analytics;

/// <summary>
/// Isolation Forest (Liu, Ting, Zhou: Isolation Forest, ICDM 2008), float32 from end to end so that an exported graph
/// and this code split alike. Score = 2^(-mean path length / c(sample size)), in (0, 1]: 0.5 is ordinary, towards 1 is
/// anomalous. Immutable and thread-safe.
/// </summary>
public sealed class IsolationForest
{
    const double EulerGamma = 0.57721566490153286;

    readonly ForestTree[] _trees;

    public IsolationForest(IReadOnlyList<ForestTree> trees, int sampleSize, int features)
    {
        ArgumentNullException.ThrowIfNull(trees);
        ArgumentOutOfRangeException.ThrowIfZero(trees.Count, nameof(trees));
        _trees = [.. trees];
        SampleSize = sampleSize;
        Features = features;
        Normaliser = AveragePathLength(sampleSize);
    }

    public IReadOnlyList<ForestTree> Trees => _trees;

    /// <summary>Rows each tree was grown from: the option, or the number of rows if there were fewer.</summary>
    public int SampleSize { get; }

    /// <summary>Length of a row.</summary>
    public int Features { get; }

    /// <summary>c(<see cref="SampleSize"/>).</summary>
    public double Normaliser { get; }

    /// <summary>c(n): mean path length of an unsuccessful search in a binary tree of n. c(1) = 0, c(2) = 1.</summary>
    public static double AveragePathLength(int n) => n switch
    {
        <= 1 => 0,
        2 => 1,
        _ => (2 * (Math.Log(n - 1) + EulerGamma)) - (2.0 * (n - 1) / n),
    };

    /// <summary>Grows a forest. Trees are independent and may grow in parallel; the result does not depend on it.</summary>
    /// <param name="rows">Row-major, <paramref name="rowCount"/> x <paramref name="features"/>, finite.</param>
    /// <param name="rowCount">At least 2.</param>
    /// <param name="features">Length of a row.</param>
    /// <param name="options">Size and seed.</param>
    /// <exception cref="ArgumentException">Too few rows, wrong length, or a value that is not finite.</exception>
    public static IsolationForest Train(ReadOnlySpan<float> rows, int rowCount, int features, ForestOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(rowCount, 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(features, 1);
        if (rows.Length != (long)rowCount * features)
        {
            throw new ArgumentException($"{rowCount} rows of {features} features are {(long)rowCount * features} numbers, got {rows.Length}.", nameof(rows));
        }

        var sampleSize = Math.Min(options.SampleSize, rowCount);
        var data = rows.ToArray();
        foreach (var value in data)
        {
            if (!float.IsFinite(value))
            {
                throw new ArgumentException("Every feature must be finite: impute or drop rows with NaN or infinity before training.", nameof(rows));
            }
        }

        var trees = new ForestTree[options.Trees];
        Parallel.For(0, trees.Length, i =>
            trees[i] = new TreeGrower(features, sampleSize, new SeededRandom(options.Seed, i + 1)).Grow(data, rowCount, options));
        return new IsolationForest(trees, sampleSize, features);
    }

    public float Score(ReadOnlySpan<float> row)
    {
        if (row.Length < Features)
        {
            throw new ArgumentException($"The forest reads {Features} features, the row has {row.Length}.", nameof(row));
        }

        double sum = 0;
        foreach (var tree in _trees)
        {
            sum += tree.PathLengthOf(row);
        }

        return (float)Math.Pow(2, -sum / (_trees.Length * Normaliser));
    }
}
