using System.Text;

namespace Forewarn.Ingestion;

/// <summary>A classic histogram of Prometheus: what its buckets, each a series of its own, are published as. Equal to another of the same name.</summary>
/// <param name="key">Entity, group, name, unit and labels in one.</param>
/// <param name="quantiles">The series of its quantiles.</param>
sealed class ClassicHistogram(string key, SentDistribution quantiles) : IEquatable<ClassicHistogram>
{
    readonly string _key = key;
    readonly int _hash = key.GetHashCode(StringComparison.Ordinal);

    public SentDistribution Quantiles { get; } = quantiles;

    /// <summary>What its points had so far.</summary>
    public KnownBounds Bounds { get; } = new();

    /// <summary>Nothing was measured at this time.</summary>
    public void AddHole(PointCollector points, long t)
    {
        foreach (var part in Quantiles.Parts)
            points.Add(part, t, double.NaN);
    }

    public bool Equals(ClassicHistogram? other) => ReferenceEquals(this, other) || (other is not null && _hash == other._hash && _key == other._key);

    public override bool Equals(object? obj) => Equals(obj as ClassicHistogram);

    public override int GetHashCode() => _hash;
}

/// <summary>The histograms that buckets belong to, one for all buckets of a name. Thread-safe.</summary>
/// <param name="capacity">As of <see cref="SeriesCache{T}"/>.</param>
sealed class ClassicHistograms(int capacity)
{
    readonly SeriesCache<ClassicHistogram> _known = new(capacity);

    /// <param name="entity">Allowed by <see cref="Names"/>.</param>
    /// <param name="group">As in <see cref="SentSeries"/>.</param>
    /// <param name="name">Allowed, at most <see cref="SentDistribution.MaxName"/> long, without <c>_bucket</c>.</param>
    /// <param name="unit">Of the values.</param>
    /// <param name="labels">Allowed, without the bucket's bound.</param>
    public ClassicHistogram Of(string entity, string group, string name, string unit, IReadOnlyDictionary<string, string> labels)
    {
        var quantiles = new SentDistribution(entity, group, name, unit, labels, DistributionPart.P50, DistributionPart.P95, DistributionPart.P99);
        var key = $"{entity}\n{group}\n{unit}\n{quantiles.Id}";
        var bytes = Encoding.UTF8.GetBytes(key);
        if (_known.TryGet(bytes, out var known))
            return known;
        var made = new ClassicHistogram(key, quantiles);
        _known.Add(bytes, made);
        // Another thread may have been first.
        return _known.TryGet(bytes, out known) ? known : made;
    }
}
