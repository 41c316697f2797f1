namespace Forewarn.History.RollUps;

/// <summary>Count, sum, least and greatest of each column of a schema within one bucket. Untouched elements change no merge.</summary>
sealed class TickBucket
{
    public TickBucket(int columns)
    {
        Counts = new int[columns];
        Sums = new double[columns];
        Mins = new double[columns];
        Maxs = new double[columns];
        Array.Fill(Mins, double.PositiveInfinity);
        Array.Fill(Maxs, double.NegativeInfinity);
    }

    public TickBucket(int[] counts, double[] sums, double[] mins, double[] maxs) => (Counts, Sums, Mins, Maxs) = (counts, sums, mins, maxs);

    public int[] Counts { get; }
    public double[] Sums { get; }
    public double[] Mins { get; }
    public double[] Maxs { get; }

    /// <summary>Adds one row; NaN is "not measured".</summary>
    public void Add(ReadOnlySpan<double> values)
    {
        var columns = Math.Min(values.Length, Counts.Length);
        for (var i = 0; i < columns; i++)
        {
            var value = values[i];
            if (double.IsNaN(value))
                continue;
            Counts[i]++;
            Sums[i] += value;
            Mins[i] = Math.Min(Mins[i], value);
            Maxs[i] = Math.Max(Maxs[i], value);
        }
    }

    public void Add(TickBucket other)
    {
        var columns = Math.Min(other.Counts.Length, Counts.Length);
        for (var i = 0; i < columns; i++)
        {
            Counts[i] += other.Counts[i];
            Sums[i] += other.Sums[i];
            Mins[i] = Math.Min(Mins[i], other.Mins[i]);
            Maxs[i] = Math.Max(Maxs[i], other.Maxs[i]);
        }
    }
}

/// <summary>Whose bucket, and when it begins.</summary>
readonly record struct TickKey(int Entity, int Schema, long T);

/// <summary>Buckets of one level while they are computed.</summary>
sealed class TickBuckets(Level level)
{
    readonly Dictionary<TickKey, TickBucket> _buckets = [];

    /// <summary>In the order in which they are read later: an entity's buckets lie together.</summary>
    public List<KeyValuePair<TickKey, TickBucket>> InOrder() => [.. _buckets.OrderBy(pair => pair.Key.Entity).ThenBy(pair => pair.Key.T).ThenBy(pair => pair.Key.Schema)];

    public void Add(int entity, int schema, long t, ReadOnlySpan<double> values) => Of(entity, schema, t, values.Length).Add(values);

    public void Add(int entity, int schema, long t, TickBucket bucket) => Of(entity, schema, t, bucket.Counts.Length).Add(bucket);

    /// <summary>The same merged into a coarser level.</summary>
    public TickBuckets To(Level coarser)
    {
        var merged = new TickBuckets(coarser);
        foreach (var (key, bucket) in _buckets)
            merged.Add(key.Entity, key.Schema, key.T, bucket);
        return merged;
    }

    TickBucket Of(int entity, int schema, long t, int columns)
    {
        var key = new TickKey(entity, schema, level.Floor(t));
        if (!_buckets.TryGetValue(key, out var bucket))
            _buckets.Add(key, bucket = new TickBucket(columns));
        return bucket;
    }
}
