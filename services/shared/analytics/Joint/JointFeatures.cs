namespace Forewarn.Analytics;

/// <summary>
/// Rolling features of all metrics of an entity, what the joint model reads (spec <see cref="Version"/>): twelve a metric
/// in its own unit, causal, about 2.1 KB of state a metric, without allocation after construction. Not thread-safe.
/// </summary>
public sealed class JointFeatures
{
    /// <summary>Changes whenever a feature does; part of a model's identity.</summary>
    public const string Version = "j1";

    /// <summary>
    /// Features of a metric: value, difference, mean and standard deviation of 5, 20 and 60 points, value less its EWMA
    /// (0.2) and (0.03), mean and standard deviation of 240 points.
    /// </summary>
    public const int Count = 12;

    /// <summary>The first of them, which the short models read: all but those of 240 points.</summary>
    public const int ShortCount = 10;

    /// <summary>Metrics of an entity, at most: the model's matrices grow with their square.</summary>
    public const int MaxMetrics = 128;

    const byte CheckpointVersion = 1;

    readonly RollingMetric[] _metrics;

    /// <param name="metrics">How many the entity has, 1 to <see cref="MaxMetrics"/>.</param>
    public JointFeatures(int metrics)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(metrics, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(metrics, MaxMetrics);
        _metrics = [.. Enumerable.Range(0, metrics).Select(_ => new RollingMetric())];
    }

    public int Metrics => _metrics.Length;

    /// <summary>Takes one tick.</summary>
    /// <param name="values">One a metric. NaN or what float32 cannot hold is missing: its features are NaN, its windows wait.</param>
    /// <param name="features">At least <see cref="Metrics"/> x <see cref="Count"/>; overwritten, metric by metric.</param>
    public void Update(ReadOnlySpan<double> values, Span<float> features)
    {
        if (values.Length != Metrics || features.Length < Metrics * Count)
            throw new ArgumentException($"{Metrics} metrics give {Metrics * Count} features; got {values.Length} values and room for {features.Length}.", nameof(values));
        for (var i = 0; i < values.Length; i++)
        {
            var own = features.Slice(i * Count, Count);
            if (Math.Abs(values[i]) <= float.MaxValue)
                _metrics[i].Update(values[i], own);
            else
                own.Fill(float.NaN);
        }
    }

    public void Write(BinaryWriter w)
    {
        ArgumentNullException.ThrowIfNull(w);
        w.Write(CheckpointVersion);
        w.Write(Metrics);
        foreach (var metric in _metrics)
            metric.Write(w);
    }

    /// <exception cref="InvalidDataException">The bytes are no checkpoint of this version.</exception>
    public static JointFeatures Read(BinaryReader r)
    {
        ArgumentNullException.ThrowIfNull(r);
        r.ExpectVersion(CheckpointVersion, "joint features");
        var count = r.ReadBoundedCount(MaxMetrics);
        if (count == 0)
            throw new InvalidDataException("The checkpoint of joint features holds no metric; discard it and start from history.");
        var features = new JointFeatures(count);
        foreach (var metric in features._metrics)
            metric.Restore(r);
        return features;
    }
}
