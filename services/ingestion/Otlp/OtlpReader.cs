using System.Buffers.Binary;
using System.Text;
using Forewarn.Contracts;

namespace Forewarn.Ingestion;

/// <summary>
/// Reads an <c>ExportMetricsServiceRequest</c> (opentelemetry-proto, <c>metrics/v1/metrics.proto</c>) in place. Points that cannot be taken
/// are counted and the others taken; what breaks the format ends it.
/// </summary>
/// <param name="identities">What names mean.</param>
/// <param name="points">Takes the samples.</param>
/// <param name="times">What times are taken.</param>
sealed class OtlpReader(OtlpIdentities identities, PointCollector points, OtlpTimes times)
{
    readonly OtlpHistograms _histograms = new();
    byte[] _key = new byte[512];
    readonly Dictionary<string, IReadOnlyDictionary<string, string>> _resources = new(StringComparer.Ordinal);
    OtlpScope _scope = null!;

    /// <summary>Points that were not taken.</summary>
    public long Rejected { get; private set; }

    /// <summary>Points there were.</summary>
    public long Points { get; private set; }

    /// <summary>Why the first of those was not taken, or what else the sender should know.</summary>
    public string? Message { get; private set; }

    /// <summary>What the request says of an entity; null when it does not hold it.</summary>
    public IReadOnlyDictionary<string, string>? AttributesOf(string entity) => _resources.GetValueOrDefault(entity);

    /// <summary>Reads a request.</summary>
    /// <returns>False when it breaks the format; what was read until then is not to be used.</returns>
    public bool TryRead(ReadOnlySpan<byte> request)
    {
        var reader = new WireReader(request);
        while (reader.Next())
        {
            if (!reader.Is(1, WireType.Bytes))
                reader.Skip();
            else if (!Resource(reader.Bytes()))
                return false;
        }
        return !reader.IsBroken;
    }

    bool Resource(ReadOnlySpan<byte> message)
    {
        ReadOnlySpan<byte> resource = default;
        // What they belong to may stand behind the metrics.
        var first = new WireReader(message);
        while (first.Next())
        {
            if (first.Is(1, WireType.Bytes))
                resource = first.Bytes();
            else
                first.Skip();
        }
        var reader = new WireReader(message);
        while (reader.Next())
        {
            if (!reader.Is(2, WireType.Bytes))
                reader.Skip();
            else if (!Scope(reader.Bytes(), resource))
                return false;
        }
        return !reader.IsBroken;
    }

    bool Scope(ReadOnlySpan<byte> message, ReadOnlySpan<byte> resource)
    {
        ReadOnlySpan<byte> scope = default;
        var first = new WireReader(message);
        while (first.Next())
        {
            if (first.Is(1, WireType.Bytes))
                scope = first.Bytes();
            else
                first.Skip();
        }
        if (first.IsBroken || identities.Scope(resource, scope) is not { } known)
            return false;
        _scope = known;
        _resources[known.Entity] = known.Attributes;
        var reader = new WireReader(message);
        while (reader.Next())
        {
            if (!reader.Is(2, WireType.Bytes))
                reader.Skip();
            else if (!Metric(reader.Bytes()))
                return false;
        }
        return !reader.IsBroken;
    }

    bool Metric(ReadOnlySpan<byte> message)
    {
        ReadOnlySpan<byte> name = default, unit = default, data = default;
        var shape = 0;
        var reader = new WireReader(message);
        while (reader.Next())
        {
            if (reader.Is(1, WireType.Bytes))
                name = reader.Bytes();
            else if (reader.Is(3, WireType.Bytes))
                unit = reader.Bytes();
            else if (reader.Field is 5 or 7 or 9 or 10 or 11 && reader.Is(reader.Field, WireType.Bytes))
            {
                shape = reader.Field;
                data = reader.Bytes();
            }
            else
                reader.Skip();
        }
        return !reader.IsBroken && Data(name, unit, shape, data);
    }

    bool Data(ReadOnlySpan<byte> name, ReadOnlySpan<byte> unit, int shape, ReadOnlySpan<byte> data)
    {
        var (temporality, isMonotonic, count) = (0UL, false, 0L);
        var head = new WireReader(data);
        while (head.Next())
        {
            if (head.Is(2, WireType.Varint))
                temporality = head.Varint();
            else if (head.Is(3, WireType.Varint))
                isMonotonic = head.Varint() != 0;
            else
            {
                count += head.Field == 1 ? 1 : 0;
                head.Skip();
            }
        }
        if (head.IsBroken)
            return false;
        Points += count;
        if (name.IsEmpty || KindOf(shape, temporality, isMonotonic) is not { } kind)
        {
            Reject(count, Encoding.UTF8.GetString(name), name.IsEmpty ? "a metric has no name" : "is neither delta nor cumulative");
            return true;
        }
        var metric = MetricOf(name, unit, kind);
        BinaryPrimitives.WriteInt64LittleEndian(_key, metric.Id);
        var reader = new WireReader(data);
        while (reader.Next())
        {
            if (!reader.Is(1, WireType.Bytes))
                reader.Skip();
            else if (!Point(reader.Bytes(), metric))
                return false;
        }
        return !reader.IsBroken;
    }

    bool Point(ReadOnlySpan<byte> message, OtlpMetric metric) => metric.Kind switch
    {
        OtlpKind.Level or OtlpKind.Counter or OtlpKind.DeltaSum => NumberPoint(message, metric),
        OtlpKind.Summary => SummaryPoint(message, metric),
        _ => HistogramPoint(message, metric),
    };

    bool NumberPoint(ReadOnlySpan<byte> message, OtlpMetric metric)
    {
        var (point, value) = (default(OtlpPoint), double.NaN);
        var reader = new WireReader(message);
        while (reader.Next())
        {
            if (reader.Is(4, WireType.Fixed64))
                value = reader.Double();
            else if (reader.Is(6, WireType.Fixed64))
                value = (long)reader.Fixed64();
            else if (!point.TryRead(ref reader, attributes: 7, flags: 8))
                reader.Skip();
        }
        if (reader.IsBroken || SeriesOf(message, point, metric, 7) is not { } series)
            return false;
        if (Skips(point, metric, out var t))
            return true;
        if (!double.IsFinite(value))
            Reject(1, metric.Name, "has a value that is no finite number");
        else if (metric.Kind == OtlpKind.DeltaSum)
            AddDelta(series, point, t, value);
        else
            points.Add(series.Number, t, value, OtlpTimes.Milliseconds(point.Start));
        return true;
    }

    void AddDelta(OtlpSeries series, in OtlpPoint point, long t, double value)
    {
        if (SecondsOf(point) is { } seconds)
            points.Add(series.Number, t, value / seconds);
        else
            Reject(1, series.Metric.Name, "is a delta without the time it began");
    }

    bool HistogramPoint(ReadOnlySpan<byte> message, OtlpMetric metric)
    {
        var isExponential = metric.Kind is OtlpKind.Exponential or OtlpKind.DeltaExponential;
        if (!_histograms.TryRead(message, isExponential, out var point)
            || SeriesOf(message, point, metric, isExponential ? OtlpHistograms.ExponentialAttributes : OtlpHistograms.Attributes) is not { } series)
            return false;
        if (Skips(point, metric, out var t))
            return true;
        if (_histograms.WhyNot is { } reason)
            Reject(1, metric.Name, reason);
        else if (metric.Kind is OtlpKind.Histogram or OtlpKind.Exponential)
            points.Add(series.Distribution, _histograms.Cumulative(series.Distribution.Id, t, OtlpTimes.Milliseconds(point.Start)));
        else if (SecondsOf(point) is { } seconds)
            points.Add(series.Distribution, t, _histograms.Increase(seconds));
        else
            Reject(1, metric.Name, "is a delta without the time it began");
        return true;
    }

    bool SummaryPoint(ReadOnlySpan<byte> message, OtlpMetric metric)
    {
        if (!OtlpSummary.TryRead(message, out var point, out var summary)
            || SeriesOf(message, point, metric, OtlpSummary.Attributes) is not { } series)
            return false;
        if (Skips(point, metric, out var t))
            return true;
        var id = series.Distribution.Id;
        points.Add(series.Distribution, new Distribution(id, t, OtlpTimes.Milliseconds(point.Start), summary.Count, summary.Sum, null));
        foreach (var (level, value) in summary.Quantiles)
        {
            // A quantile of nothing is no number.
            if (level is >= 0 and <= 1 && double.IsFinite(value) && series.Quantile(level) is { } quantile)
                points.Add(quantile, t, value);
        }
        return true;
    }

    /// <summary>Whether there is nothing to take, which is counted where something was sent.</summary>
    bool Skips(in OtlpPoint point, OtlpMetric metric, out long t)
    {
        t = 0;
        if (point.IsMissing)
            return true;
        if (times.WhyNot(point.Time, out t) is not { } reason)
            return false;
        Reject(1, metric.Name, reason);
        return true;
    }

    OtlpSeries? SeriesOf(ReadOnlySpan<byte> message, in OtlpPoint point, OtlpMetric metric, int attributes)
    {
        var length = point.AppendAttributes(message, attributes, ref _key, sizeof(long));
        var series = identities.Series(metric, _key.AsSpan(0, length), attributes);
        if (series?.Warning is { } warning)
            Message ??= warning;
        return series;
    }

    OtlpMetric MetricOf(ReadOnlySpan<byte> name, ReadOnlySpan<byte> unit, OtlpKind kind)
    {
        var length = sizeof(long) + 1 + sizeof(int) + name.Length + unit.Length;
        if (_key.Length < length)
            Array.Resize(ref _key, Math.Max(_key.Length * 2, length));
        var key = _key.AsSpan(0, length);
        BinaryPrimitives.WriteInt64LittleEndian(key, _scope.Id);
        key[sizeof(long)] = (byte)kind;
        BinaryPrimitives.WriteInt32LittleEndian(key[(sizeof(long) + 1)..], name.Length);
        name.CopyTo(key[(sizeof(long) + 1 + sizeof(int))..]);
        unit.CopyTo(key[(length - unit.Length)..]);
        return identities.TryMetric(key, out var known) ? known : identities.AddMetric(key, _scope, name, unit, kind);
    }

    static OtlpKind? KindOf(int shape, ulong temporality, bool isMonotonic) => (shape, temporality) switch
    {
        (5, _) => OtlpKind.Level,
        (7, 2) => isMonotonic ? OtlpKind.Counter : OtlpKind.Level,
        (7, 1) => OtlpKind.DeltaSum,
        (9, 2) => OtlpKind.Histogram,
        (9, 1) => OtlpKind.DeltaHistogram,
        (10, 2) => OtlpKind.Exponential,
        (10, 1) => OtlpKind.DeltaExponential,
        (11, _) => OtlpKind.Summary,
        _ => null,
    };

    /// <summary>Length of a delta's interval; null when it has none.</summary>
    static double? SecondsOf(in OtlpPoint point) =>
        point.Start != 0 && point.Start < point.Time ? (point.Time - point.Start) / 1e9 : null;

    void Reject(long count, string metric, string reason)
    {
        if (count == 0)
            return;
        if (Rejected == 0)
            Message = metric.Length == 0 ? reason : $"{metric} {reason}";
        Rejected += count;
    }
}
