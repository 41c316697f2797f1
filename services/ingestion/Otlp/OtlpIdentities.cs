using System.Buffers.Binary;
using System.Text;
using Forewarn.Contracts;

namespace Forewarn.Ingestion;

/// <summary>
/// What resources, scopes, metrics and attributes mean, found again by their bytes: level by level, so that a resource is hashed once
/// a request and not with each point. Thread-safe.
/// </summary>
/// <param name="resourceLabels">Resource attributes that are labels of every series.</param>
sealed class OtlpIdentities(IReadOnlyList<string> resourceLabels)
{
    /// <summary>Longer names are read each time, so that the caches stay small.</summary>
    const int MostKeyBytes = 1024;

    /// <summary>The same of a resource and its scope, of which there are fewer.</summary>
    const int MostScopeBytes = 4096;

    readonly SeriesCache<OtlpScope> _scopes = new(10_000);
    readonly SeriesCache<OtlpMetric> _metrics = new(50_000);
    readonly SeriesCache<OtlpSeries> _series = new(100_000);
    long _lastId;

    /// <summary>The scope of a resource; null when one of the two is no message.</summary>
    public OtlpScope? Scope(ReadOnlySpan<byte> resource, ReadOnlySpan<byte> scope)
    {
        var key = new byte[sizeof(int) + resource.Length + scope.Length];
        BinaryPrimitives.WriteInt32LittleEndian(key, resource.Length);
        resource.CopyTo(key.AsSpan(sizeof(int)));
        scope.CopyTo(key.AsSpan(sizeof(int) + resource.Length));
        if (_scopes.TryGet(key, out var known))
            return known;
        if (Attributes(resource, 1) is not { } attributes || Name(scope) is not { } name)
            return null;
        var labels = OtlpResource.LabelsOf(attributes, resourceLabels)
            .Select(label => KeyValuePair.Create(Tidy.Name(label.Key, Names.MaxLabelKey), Tidy.LabelValue(label.Value)))
            .DistinctBy(label => label.Key, StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal);
        var group = name[..Math.Min(name.Length, Names.MaxName)];
        var made = new OtlpScope(Interlocked.Increment(ref _lastId), OtlpResource.EntityOf(attributes), group, labels, OtlpResource.CardOf(attributes));
        if (key.Length <= MostScopeBytes)
            _scopes.Add(key, made);
        return made;
    }

    /// <param name="key">Scope, kind, name and unit.</param>
    /// <param name="metric">The metric, if it is known.</param>
    public bool TryMetric(ReadOnlySpan<byte> key, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out OtlpMetric? metric) => _metrics.TryGet(key, out metric);

    public OtlpMetric AddMetric(ReadOnlySpan<byte> key, OtlpScope scope, ReadOnlySpan<byte> name, ReadOnlySpan<byte> unit, OtlpKind kind)
    {
        var tidy = Tidy.Name(Encoding.UTF8.GetString(name), SentDistribution.MaxName);
        var made = new OtlpMetric(Interlocked.Increment(ref _lastId), scope, tidy, Tidy.Unit(Encoding.UTF8.GetString(unit)), kind);
        if (key.Length <= MostKeyBytes)
            _metrics.Add(key, made);
        return made;
    }

    /// <summary>The series of a metric with these attributes; null when they are none.</summary>
    /// <param name="metric">Whose.</param>
    /// <param name="key">The metric's id, then the attributes as fields of number <paramref name="field"/>.</param>
    /// <param name="field">Number of the attributes' field.</param>
    public OtlpSeries? Series(OtlpMetric metric, ReadOnlySpan<byte> key, int field)
    {
        if (_series.TryGet(key, out var known))
            return known;
        if (Attributes(key[sizeof(long)..], field) is not { } attributes)
            return null;
        var made = metric.SeriesOf(attributes);
        if (key.Length <= MostKeyBytes)
            _series.Add(key, made);
        return made;
    }

    static SortedDictionary<string, string>? Attributes(ReadOnlySpan<byte> message, int field)
    {
        var attributes = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var reader = new WireReader(message);
        while (reader.Next())
        {
            if (!reader.Is(field, WireType.Bytes))
                reader.Skip();
            else if (!OtlpAttributes.TryRead(reader.Bytes(), attributes))
                return null;
        }
        return reader.IsBroken ? null : attributes;
    }

    static string? Name(ReadOnlySpan<byte> scope)
    {
        var name = "";
        var reader = new WireReader(scope);
        while (reader.Next())
        {
            if (reader.Is(1, WireType.Bytes))
                name = Encoding.UTF8.GetString(reader.Bytes());
            else
                reader.Skip();
        }
        return reader.IsBroken ? null : name;
    }
}
