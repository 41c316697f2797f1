using System.Buffers;
using System.Text;
using Forewarn.Contracts;

namespace Forewarn.Ingestion;

/// <summary>
/// Reads <c>prometheus.WriteRequest</c>, the message of remote write 1.0 (prometheus.io/docs/specs/prw/remote_write_spec): series with all their
/// labels, and now and then what metrics are. The bytes of the labels name a series.
/// </summary>
sealed class WriteReader1(KnownSeries known, DeclaredTypes types)
{
    /// <summary>Reads a whole message; false when it breaks the format.</summary>
    public bool Read(ReadOnlySpan<byte> message, WriteSink sink)
    {
        var request = new WireReader(message);
        var declared = false;
        while (request.Next())
        {
            if (request.Is(1, WireType.Bytes))
            {
                if (!Series(request.Bytes(), sink))
                    return false;
            }
            else if (request.Is(3, WireType.Bytes))
            {
                if (!Metadata(request.Bytes(), ref declared))
                    return false;
            }
            else
            {
                request.Skip();
            }
        }
        if (declared)
            known.Clear();
        return !request.IsBroken;
    }

    bool Series(ReadOnlySpan<byte> message, WriteSink sink)
    {
        var reader = new WireReader(message);
        var end = 0;
        while (reader.Next() && reader.Is(1, WireType.Bytes))
        {
            reader.Bytes();
            end = reader.Position;
        }
        if (reader.IsBroken)
            return false;
        var rest = message[end..];
        if (!HasLabels(rest))
            return Points(message[..end], rest, sink);
        // Allowed, and written by nobody we know: labels behind samples.
        var gathered = new ArrayBufferWriter<byte>(message.Length);
        return Gather(message, gathered) && Points(gathered.WrittenSpan, message, sink);
    }

    bool Points(ReadOnlySpan<byte> labels, ReadOnlySpan<byte> points, WriteSink sink)
    {
        PromSeries? series = null;
        PromHistogram? histogram = null;
        var reader = new WireReader(points);
        while (reader.Next())
        {
            if (reader.Is(2, WireType.Bytes))
            {
                series ??= SampleOf(labels);
                if (series is null || !WireSample.TryRead(reader.Bytes(), out var sample))
                    return false;
                sink.Add(series, sample.T, sample.Value, startMs: 0);
            }
            else if (reader.Is(4, WireType.Bytes))
            {
                if (!NativeHistogram.TryRead(reader.Bytes(), out var point))
                    return false;
                histogram ??= HistogramOf(labels, point.IsGauge);
                if (histogram is null)
                    return false;
                sink.Add(histogram, point);
            }
            else
            {
                reader.Skip();
            }
        }
        return !reader.IsBroken;
    }

    /// <summary>Null when the labels break the format.</summary>
    PromSeries? SampleOf(ReadOnlySpan<byte> labels)
    {
        if (known.Sample(labels) is { } series)
            return series;
        if (Labels(labels, out var why) is not { } read)
            return why is null ? null : PromSeries.Refused(why);
        var (type, unit) = types.Of(NameIn(read));
        return known.Add(labels, PromSeries.Of(read, type, unit, known.Classic));
    }

    PromHistogram? HistogramOf(ReadOnlySpan<byte> labels, bool isGauge)
    {
        if (known.Histogram(labels) is { } histogram)
            return histogram;
        if (Labels(labels, out var why) is not { } read)
            return why is null ? null : new(PromSeries.Refused(why), PromSeries.Refused(why));
        return known.Add(labels, PromHistogram.Of(read, isGauge, types.Of(NameIn(read)).Unit));
    }

    static string NameIn(List<KeyValuePair<string, string>> labels) => labels.Find(label => label.Key == PromNames.Name).Value ?? "";

    /// <summary>Null when they break the format, or when there are too many, which <paramref name="why"/> says.</summary>
    static List<KeyValuePair<string, string>>? Labels(ReadOnlySpan<byte> labels, out string? why)
    {
        why = null;
        var all = new List<KeyValuePair<string, string>>();
        var reader = new WireReader(labels);
        while (reader.Next())
        {
            if (!Label(reader.Bytes(), out var label))
                return null;
            if (all.Count == PromSeries.MostLabels)
            {
                why = $"has more than {PromSeries.MostLabels} labels";
                return null;
            }
            all.Add(label);
        }
        return all;
    }

    static bool Label(ReadOnlySpan<byte> message, out KeyValuePair<string, string> label)
    {
        var (name, value) = ("", "");
        var reader = new WireReader(message);
        while (reader.Next())
        {
            if (reader.Is(1, WireType.Bytes))
                name = Encoding.UTF8.GetString(reader.Bytes());
            else if (reader.Is(2, WireType.Bytes))
                value = Encoding.UTF8.GetString(reader.Bytes());
            else
                reader.Skip();
        }
        label = new(name, value);
        return !reader.IsBroken;
    }

    bool Metadata(ReadOnlySpan<byte> message, ref bool declared)
    {
        var (type, family, unit) = (PromType.Unknown, "", "");
        var reader = new WireReader(message);
        while (reader.Next())
        {
            if (reader.Is(1, WireType.Varint))
                type = TypeOf(reader.Varint());
            else if (reader.Is(2, WireType.Bytes))
                family = Encoding.UTF8.GetString(reader.Bytes());
            else if (reader.Is(5, WireType.Bytes))
                unit = Encoding.UTF8.GetString(reader.Bytes());
            else
                reader.Skip();
        }
        if (reader.IsBroken)
            return false;
        declared |= types.Declare(family, type, unit);
        return true;
    }

    /// <summary>Types that are not known yet count as not said.</summary>
    public static PromType TypeOf(ulong number) => number <= (ulong)PromType.StateSet ? (PromType)number : PromType.Unknown;

    static bool HasLabels(ReadOnlySpan<byte> points)
    {
        var reader = new WireReader(points);
        while (reader.Next())
        {
            if (reader.Field == 1)
                return true;
            reader.Skip();
        }
        return false;
    }

    static bool Gather(ReadOnlySpan<byte> message, ArrayBufferWriter<byte> labels)
    {
        var reader = new WireReader(message);
        var begin = 0;
        while (reader.Next())
        {
            var isLabel = reader.Field == 1;
            if (isLabel && !reader.Is(1, WireType.Bytes))
                return false;
            reader.Skip();
            if (isLabel && !reader.IsBroken)
                labels.Write(message[begin..reader.Position]);
            begin = reader.Position;
        }
        return !reader.IsBroken;
    }
}
