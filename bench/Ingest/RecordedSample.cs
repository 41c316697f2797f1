using System.Globalization;
using System.Text;
using Forewarn.Contracts;
using Utf8 = System.Text.Encoding;
using Forewarn.Ingestion;
using Google.Protobuf;
using Snappier;

namespace Forewarn.Bench.Ingest;

/// <summary>A sample out of a recording of remote write 1.0, to be written in the forms of other doors.</summary>
/// <param name="Labels">With the name, in the order sent.</param>
/// <param name="T">Unix milliseconds.</param>
/// <param name="Value">As sent.</param>
sealed record RecordedSample(IReadOnlyList<KeyValuePair<string, string>> Labels, long T, double Value)
{
    public string Name => Labels.First(label => label.Key == PromNames.Name).Value;

    public static IReadOnlyList<RecordedSample> Of(IReadOnlyList<byte[]> bodies)
    {
        var samples = new List<RecordedSample>();
        foreach (var body in bodies)
        {
            var request = new WireReader(Snappy.DecompressToArray(body));
            while (request.Next())
            {
                if (request.Is(1, WireType.Bytes))
                    AddSeries(request.Bytes(), samples);
                else
                    request.Skip();
            }
        }
        return samples;
    }

    static void AddSeries(ReadOnlySpan<byte> message, List<RecordedSample> samples)
    {
        var labels = new List<KeyValuePair<string, string>>();
        var series = new WireReader(message);
        while (series.Next())
        {
            if (series.Is(1, WireType.Bytes))
                labels.Add(Label(series.Bytes()));
            else if (series.Is(2, WireType.Bytes) && WireSample.TryRead(series.Bytes(), out var sample))
                samples.Add(new(labels, sample.T, sample.Value));
            else
                series.Skip();
        }
    }

    static KeyValuePair<string, string> Label(ReadOnlySpan<byte> message)
    {
        var label = new WireReader(message);
        label.Next();
        var name = Utf8.UTF8.GetString(label.Bytes());
        label.Next();
        return new(name, Utf8.UTF8.GetString(label.Bytes()));
    }

    /// <summary>Influx's line protocol, times in milliseconds.</summary>
    public static byte[] AsLines(IEnumerable<RecordedSample> samples)
    {
        var text = new StringBuilder();
        foreach (var sample in samples.Where(sample => double.IsFinite(sample.Value)))
        {
            text.Append(sample.Name);
            foreach (var (key, value) in sample.Labels.Where(label => label.Key != PromNames.Name))
                text.Append(CultureInfo.InvariantCulture, $",{key}={value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace(" ", "\\ ", StringComparison.Ordinal).Replace(",", "\\,", StringComparison.Ordinal).Replace("=", "\\=", StringComparison.Ordinal)}");
            text.Append(CultureInfo.InvariantCulture, $" value={sample.Value:R} {sample.T}\n");
        }
        return Utf8.UTF8.GetBytes(text.ToString());
    }

    /// <summary>Each series once, as one scrape has them.</summary>
    public static IReadOnlyList<RecordedSample> Scrape(IEnumerable<RecordedSample> samples) =>
        [.. samples.DistinctBy(sample => string.Join(',', sample.Labels.Select(label => $"{label.Key}={label.Value}")), StringComparer.Ordinal)];

    /// <summary>The text format, without the labels of the target.</summary>
    public static byte[] AsText(IEnumerable<RecordedSample> samples)
    {
        var text = new StringBuilder();
        foreach (var family in samples.GroupBy(sample => sample.Name, StringComparer.Ordinal))
        {
            text.Append(CultureInfo.InvariantCulture, $"# HELP {family.Key} As recorded.\n# TYPE {family.Key} {(PromNames.RoleOf(family.Key, PromType.Unknown, false) == PromRole.Counter ? "counter" : "gauge")}\n");
            foreach (var sample in family)
            {
                var labels = sample.Labels.Where(label => label.Key is not (PromNames.Name or PromNames.Job or "instance"))
                    .Select(label => $"{label.Key}=\"{label.Value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"");
                text.Append(CultureInfo.InvariantCulture, $"{family.Key}{{{string.Join(',', labels)}}} {sample.Value:R}\n");
            }
        }
        return Utf8.UTF8.GetBytes(text.ToString());
    }

    /// <summary>Remote write 1.0, packed.</summary>
    public static byte[] AsRemoteWrite1(IEnumerable<RecordedSample> samples)
    {
        using var buffer = new MemoryStream();
        using (var output = new CodedOutputStream(buffer, leaveOpen: true))
        {
            foreach (var sample in samples)
                WriteMessage(output, 1, series => WriteSeries1(series, sample));
        }
        return Snappy.CompressToArray(buffer.ToArray());
    }

    static void WriteSeries1(CodedOutputStream series, RecordedSample sample)
    {
        foreach (var (key, value) in sample.Labels)
        {
            WriteMessage(series, 1, label =>
            {
                label.WriteTag(1, WireFormat.WireType.LengthDelimited);
                label.WriteString(key);
                label.WriteTag(2, WireFormat.WireType.LengthDelimited);
                label.WriteString(value);
            });
        }
        WriteMessage(series, 2, one => WriteSample(one, sample));
    }

    static void WriteSample(CodedOutputStream one, RecordedSample sample)
    {
        one.WriteTag(1, WireFormat.WireType.Fixed64);
        one.WriteDouble(sample.Value);
        one.WriteTag(2, WireFormat.WireType.Varint);
        one.WriteInt64(sample.T);
    }

    /// <summary>Remote write 2.0, packed; types as names have them.</summary>
    public static byte[] AsRemoteWrite2(IReadOnlyList<RecordedSample> samples)
    {
        var symbols = new Dictionary<string, uint>(StringComparer.Ordinal) { [""] = 0 };
        using var buffer = new MemoryStream();
        using (var output = new CodedOutputStream(buffer, leaveOpen: true))
        {
            foreach (var sample in samples)
                WriteMessage(output, 5, series => WriteSeries(series, sample, symbols));
            foreach (var (text, _) in symbols.OrderBy(symbol => symbol.Value))
            {
                output.WriteTag(4, WireFormat.WireType.LengthDelimited);
                output.WriteString(text);
            }
        }
        return Snappy.CompressToArray(buffer.ToArray());
    }

    static void WriteSeries(CodedOutputStream series, RecordedSample sample, Dictionary<string, uint> symbols)
    {
        WriteMessage(series, 1, references =>
        {
            foreach (var (key, value) in sample.Labels)
            {
                references.WriteUInt32(Symbol(key, symbols));
                references.WriteUInt32(Symbol(value, symbols));
            }
        });
        WriteMessage(series, 2, one => WriteSample(one, sample));
    }

    static uint Symbol(string text, Dictionary<string, uint> symbols)
    {
        if (!symbols.TryGetValue(text, out var number))
            symbols[text] = number = (uint)symbols.Count;
        return number;
    }

    static void WriteMessage(CodedOutputStream output, int field, Action<CodedOutputStream> write)
    {
        using var buffer = new MemoryStream();
        using (var message = new CodedOutputStream(buffer, leaveOpen: true))
            write(message);
        output.WriteTag(field, WireFormat.WireType.LengthDelimited);
        output.WriteBytes(ByteString.CopyFrom(buffer.ToArray()));
    }
}
