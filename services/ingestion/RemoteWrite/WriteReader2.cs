using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace Forewarn.Ingestion;

/// <summary>
/// Reads <c>io.prometheus.write.v2.Request</c>, the message of remote write 2.0 (prometheus.io/docs/specs/prw/remote_write_spec_2_0): texts stand in a table
/// that each request has of its own, so a series is named by the texts its labels refer to, with its type and unit. One for each request.
/// </summary>
sealed class WriteReader2(KnownSeries known)
{
    const int Symbols = 4;
    const int TimeSeries = 5;

    readonly List<Range> _symbols = [];
    readonly List<uint> _references = [];
    readonly ArrayBufferWriter<byte> _name = new(1024);

    /// <summary>Exemplars seen; none is kept.</summary>
    public int Exemplars { get; private set; }

    /// <summary>What is wrong with the message beyond its format.</summary>
    public string? WhyRefused { get; private set; }

    /// <summary>Reads a whole message; false when it breaks the format or the specification.</summary>
    public bool Read(ReadOnlySpan<byte> message, WriteSink sink)
    {
        if (!Table(message))
            return false;
        var request = new WireReader(message);
        while (request.Next())
        {
            if (request.Is(TimeSeries, WireType.Bytes))
            {
                if (!Series(message, request.Bytes(), sink))
                    return false;
            }
            else
            {
                request.Skip();
            }
        }
        return !request.IsBroken;
    }

    /// <summary>Symbols may stand behind the series that use them.</summary>
    bool Table(ReadOnlySpan<byte> message)
    {
        var reader = new WireReader(message);
        while (reader.Next())
        {
            if (!reader.Is(Symbols, WireType.Bytes))
            {
                reader.Skip();
                continue;
            }
            var length = reader.Bytes().Length;
            _symbols.Add((reader.Position - length)..reader.Position);
        }
        if (_symbols.Count > 0 && _symbols[0].Start.Value != _symbols[0].End.Value)
            return Refuse("must begin its symbols with an empty one");
        return !reader.IsBroken;
    }

    bool Series(ReadOnlySpan<byte> request, ReadOnlySpan<byte> message, WriteSink sink)
    {
        if (!Head(message, out var head))
            return false;
        if (!TryName(request, head))
            return Refuse("refers to symbols that it does not have, or to a label without a value");
        PromSeries? series = null;
        PromHistogram? histogram = null;
        var reader = new WireReader(message);
        while (reader.Next())
        {
            if (reader.Is(2, WireType.Bytes))
            {
                if (!WireSample.TryRead(reader.Bytes(), out var sample))
                    return false;
                series ??= SampleOf(request, head);
                sink.Add(series, sample.T, sample.Value, sample.StartMs != 0 ? sample.StartMs : head.CreatedMs);
            }
            else if (reader.Is(3, WireType.Bytes))
            {
                if (!NativeHistogram.TryRead(reader.Bytes(), out var point))
                    return false;
                histogram ??= HistogramOf(request, head, point.IsGauge);
                sink.Add(histogram, point);
            }
            else
            {
                reader.Skip();
            }
        }
        return !reader.IsBroken;
    }

    /// <summary>Labels, type, unit and time of creation, wherever they stand.</summary>
    bool Head(ReadOnlySpan<byte> message, out SeriesHead head)
    {
        head = default;
        _references.Clear();
        var reader = new WireReader(message);
        while (reader.Next())
        {
            if (reader.Field == 1 && reader.Type == WireType.Bytes)
            {
                if (!Packed(reader.Bytes()))
                    return false;
            }
            else if (reader.Is(1, WireType.Varint))
                _references.Add((uint)reader.Varint());
            else if (reader.Is(5, WireType.Bytes))
            {
                if (!Metadata(reader.Bytes(), ref head))
                    return false;
            }
            else if (reader.Is(6, WireType.Varint))
                head = head with { CreatedMs = (long)reader.Varint() };
            else
            {
                Exemplars += reader.Field == 4 ? 1 : 0;
                reader.Skip();
            }
        }
        return !reader.IsBroken;
    }

    bool Packed(ReadOnlySpan<byte> numbers)
    {
        // Each number takes a byte at least; no tags stand between them.
        var reader = new WireReader(numbers);
        while (reader.Position < numbers.Length && !reader.IsBroken)
            _references.Add((uint)reader.Varint());
        return !reader.IsBroken;
    }

    static bool Metadata(ReadOnlySpan<byte> message, ref SeriesHead head)
    {
        var reader = new WireReader(message);
        while (reader.Next())
        {
            if (reader.Is(1, WireType.Varint))
                head = head with { Type = WriteReader1.TypeOf(reader.Varint()) };
            else if (reader.Is(4, WireType.Varint))
                head = head with { Unit = (uint)reader.Varint() };
            else
                reader.Skip();
        }
        return !reader.IsBroken;
    }

    /// <summary>The name of a series over all requests: type, unit, and each text with its length.</summary>
    bool TryName(ReadOnlySpan<byte> request, SeriesHead head)
    {
        _name.ResetWrittenCount();
        if (_references.Count == 0 || _references.Count % 2 != 0 || head.Unit >= (uint)Math.Max(1, _symbols.Count))
            return false;
        _name.GetSpan(1)[0] = (byte)head.Type;
        _name.Advance(1);
        Write(_symbols.Count == 0 ? default : request[_symbols[(int)head.Unit]]);
        foreach (var reference in CollectionsMarshal.AsSpan(_references))
        {
            if (reference >= _symbols.Count)
                return false;
            Write(request[_symbols[(int)reference]]);
        }
        return true;

        void Write(ReadOnlySpan<byte> text)
        {
            var to = _name.GetSpan(text.Length + 4);
            BinaryPrimitives.WriteInt32LittleEndian(to, text.Length);
            text.CopyTo(to[4..]);
            _name.Advance(text.Length + 4);
        }
    }

    PromSeries SampleOf(ReadOnlySpan<byte> request, SeriesHead head)
    {
        if (known.Sample(_name.WrittenSpan) is { } series)
            return series;
        return Labels(request) is { } labels
            ? known.Add(_name.WrittenSpan, PromSeries.Of(labels, head.Type, Text(request, head.Unit), known.Classic))
            : PromSeries.Refused(TooMany);
    }

    PromHistogram HistogramOf(ReadOnlySpan<byte> request, SeriesHead head, bool isGauge)
    {
        if (known.Histogram(_name.WrittenSpan) is { } histogram)
            return histogram;
        return Labels(request) is { } labels
            ? known.Add(_name.WrittenSpan, PromHistogram.Of(labels, isGauge, Text(request, head.Unit)))
            : new(PromSeries.Refused(TooMany), PromSeries.Refused(TooMany));
    }

    static string TooMany => $"has more than {PromSeries.MostLabels} labels";

    List<KeyValuePair<string, string>>? Labels(ReadOnlySpan<byte> request)
    {
        if (_references.Count > 2 * PromSeries.MostLabels)
            return null;
        var labels = new List<KeyValuePair<string, string>>(_references.Count / 2);
        for (var i = 0; i < _references.Count; i += 2)
            labels.Add(new(Text(request, _references[i]), Text(request, _references[i + 1])));
        return labels;
    }

    string Text(ReadOnlySpan<byte> request, uint symbol) => _symbols.Count == 0 ? "" : Encoding.UTF8.GetString(request[_symbols[(int)symbol]]);

    bool Refuse(string why)
    {
        WhyRefused = why;
        return false;
    }

    [StructLayout(LayoutKind.Auto)]
    readonly record struct SeriesHead(PromType Type, uint Unit, long CreatedMs);
}
