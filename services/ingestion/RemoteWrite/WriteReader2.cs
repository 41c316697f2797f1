using System.Runtime.InteropServices;
using System.Text;
using Forewarn.Contracts;

namespace Forewarn.Ingestion;

/// <summary>
/// Reads <c>io.prometheus.write.v2.Request</c>, the message of remote write 2.0 (prometheus.io/docs/specs/prw/remote_write_spec_2_0): texts stand in a table
/// that each request has of its own, so a series is named by the texts its labels refer to, with its type and unit. One for each request.
/// </summary>
sealed class WriteReader2(KnownSeries known)
{
    const int Symbols = 4;
    const int TimeSeries = 5;

    /// <summary>Type and unit.</summary>
    const int NumbersOfHead = 2;

    readonly List<Symbol> _symbols = [];
    readonly List<WireSample> _samples = [];
    readonly List<NativeHistogram> _histograms = [];
    uint[] _references = new uint[2 * PromSeries.MostLabels];
    long[] _name = new long[NumbersOfHead + (2 * PromSeries.MostLabels)];
    int _count;

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
            var text = reader.Bytes();
            if (!reader.IsBroken)
                _symbols.Add(new(reader.Position - text.Length, text.Length, Number: 0));
        }
        if (_symbols.Count > 0 && _symbols[0].Length > 0)
            return Refuse("must begin its symbols with an empty one");
        return !reader.IsBroken;
    }

    bool Series(ReadOnlySpan<byte> request, ReadOnlySpan<byte> message, WriteSink sink)
    {
        if (!Parts(message, out var head))
            return false;
        if (!TryName(request, head))
            return Refuse("refers to symbols that it does not have, or to a label without a value");
        if (_samples.Count > 0)
        {
            var series = SampleOf(request, head);
            foreach (ref readonly var sample in CollectionsMarshal.AsSpan(_samples))
                sink.Add(series, sample.T, sample.Value, sample.StartMs != 0 ? sample.StartMs : head.CreatedMs);
        }
        PromHistogram? histogram = null;
        foreach (ref readonly var point in CollectionsMarshal.AsSpan(_histograms))
        {
            histogram ??= HistogramOf(request, head, point.IsGauge);
            sink.Add(histogram, point);
        }
        return true;
    }

    /// <summary>Labels, type, unit and time of creation, wherever they stand, and the points.</summary>
    bool Parts(ReadOnlySpan<byte> message, out SeriesHead head)
    {
        head = default;
        _count = 0;
        _samples.Clear();
        _histograms.Clear();
        var reader = new WireReader(message);
        while (reader.Next())
        {
            if (reader.Field == 1 && reader.Type == WireType.Bytes)
            {
                if (!Packed(reader.Bytes()))
                    return false;
            }
            else if (reader.Is(1, WireType.Varint))
                Refer((uint)reader.Varint());
            else if (reader.Is(2, WireType.Bytes))
            {
                if (!WireSample.TryRead(reader.Bytes(), out var sample))
                    return false;
                _samples.Add(sample);
            }
            else if (reader.Is(3, WireType.Bytes))
            {
                if (!NativeHistogram.TryRead(reader.Bytes(), out var point))
                    return false;
                _histograms.Add(point);
            }
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
        while (!reader.IsAtEnd)
            Refer((uint)reader.Varint());
        return !reader.IsBroken;
    }

    void Refer(uint symbol)
    {
        if (_count == _references.Length)
            Array.Resize(ref _references, 2 * _count);
        _references[_count++] = symbol;
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

    /// <summary>The name of a series over all requests: type, unit, and each text, as the numbers of <see cref="KnownSymbols"/>.</summary>
    bool TryName(ReadOnlySpan<byte> request, SeriesHead head)
    {
        var symbols = CollectionsMarshal.AsSpan(_symbols);
        if (_count == 0 || _count % 2 != 0 || head.Unit >= (uint)symbols.Length)
            return false;
        if (_name.Length < NumbersOfHead + _count)
            _name = new long[NumbersOfHead + _references.Length];
        (_name[0], _name[1]) = ((long)head.Type, NumberOf(request, ref symbols[(int)head.Unit]));
        var numbers = _name.AsSpan(NumbersOfHead, _count);
        for (var i = 0; i < numbers.Length; i++)
        {
            var reference = _references[i];
            if (reference >= (uint)symbols.Length)
                return false;
            numbers[i] = NumberOf(request, ref symbols[(int)reference]);
        }
        return true;
    }

    // Not of all texts: those of help are long and name nothing.
    long NumberOf(ReadOnlySpan<byte> request, ref Symbol symbol)
    {
        if (symbol.Number == 0)
            symbol = symbol with { Number = known.Symbols.NumberOf(request.Slice(symbol.Start, symbol.Length)) };
        return symbol.Number;
    }

    ReadOnlySpan<byte> Name => MemoryMarshal.AsBytes(_name.AsSpan(0, NumbersOfHead + _count));

    PromSeries SampleOf(ReadOnlySpan<byte> request, SeriesHead head)
    {
        if (known.Sample(Name) is { } series)
            return series;
        if (Labels(request) is not { } labels)
            return PromSeries.Refused(TooMany);
        var made = PromSeries.Of(labels, head.Type, Text(request, head.Unit), known.Classic);
        return HasLongTexts ? made : known.Add(Name, made);
    }

    PromHistogram HistogramOf(ReadOnlySpan<byte> request, SeriesHead head, bool isGauge)
    {
        if (known.Histogram(Name) is { } histogram)
            return histogram;
        if (Labels(request) is not { } labels)
            return new(PromSeries.Refused(TooMany), PromSeries.Refused(TooMany));
        var made = PromHistogram.Of(labels, isGauge, Text(request, head.Unit));
        return HasLongTexts ? made : known.Add(Name, made);
    }

    /// <summary>What has another name each time is not worth remembering.</summary>
    bool HasLongTexts
    {
        get
        {
            foreach (var reference in _references.AsSpan(0, _count))
            {
                if (_symbols[(int)reference].Length > KnownSymbols.Longest)
                    return true;
            }
            return false;
        }
    }

    static string TooMany => $"has more than {PromSeries.MostLabels} labels";

    List<KeyValuePair<string, string>>? Labels(ReadOnlySpan<byte> request)
    {
        if (_count > 2 * PromSeries.MostLabels)
            return null;
        var labels = new List<KeyValuePair<string, string>>(_count / 2);
        for (var i = 0; i < _count; i += 2)
            labels.Add(new(Text(request, _references[i]), Text(request, _references[i + 1])));
        return labels;
    }

    string Text(ReadOnlySpan<byte> request, uint symbol) => Encoding.UTF8.GetString(request.Slice(_symbols[(int)symbol].Start, _symbols[(int)symbol].Length));

    bool Refuse(string why)
    {
        WhyRefused = why;
        return false;
    }

    [StructLayout(LayoutKind.Auto)]
    readonly record struct SeriesHead(PromType Type, uint Unit, long CreatedMs);

    /// <summary>A text of the request's table: where it stands, and its number over all requests; 0 while nobody has asked.</summary>
    [StructLayout(LayoutKind.Auto)]
    readonly record struct Symbol(int Start, int Length, long Number);
}
