using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace Forewarn.Ingestion;

/// <summary>
/// Reads expositions in place, line by line: Prometheus' text format 0.0.4 and OpenMetrics 1.0 (prometheus.io/docs/instrumenting/exposition_formats and
/// /docs/specs/om/open_metrics_spec). A line that is not in order ends the reading: <see cref="Next"/> says false and <see cref="Failure"/> why.
/// Exemplars, help and comments are passed over.
/// </summary>
ref struct ExpositionReader(ReadOnlySpan<byte> text, bool isOpenMetrics)
{
    static readonly SearchValues<byte> _endsOfName = SearchValues.Create(" \t{"u8);
    static readonly SearchValues<byte> _inLabels = SearchValues.Create("\"}"u8);
    static readonly SearchValues<byte> _inText = SearchValues.Create("\"\\"u8);

    readonly ReadOnlySpan<byte> _text = text;
    ReadOnlySpan<byte> _family;
    ReadOnlySpan<byte> _unitFamily;
    ReadOnlySpan<byte> _unit;
    PromType _type;
    int _at;
    bool _ended;

    /// <summary>Name and labels of the sample, as they stand there.</summary>
    public ReadOnlySpan<byte> Series { get; private set; }

    /// <summary>What the family declares that the sample seems to belong to.</summary>
    public PromType Type { get; private set; }

    /// <summary>Declared unit; empty when there is none.</summary>
    public ReadOnlySpan<byte> Unit { get; private set; }

    public double Value { get; private set; }

    /// <summary>Unix milliseconds; null when the exposition leaves it to the scrape.</summary>
    public long? T { get; private set; }

    /// <summary>Number of the line, from 1.</summary>
    public int Line { get; private set; }

    /// <summary>Why the exposition is not in order; null when it is.</summary>
    public string? Failure { get; private set; }

    /// <summary>Goes to the next sample.</summary>
    public bool Next()
    {
        while (Failure is null && _at < _text.Length)
        {
            var line = TakeLine();
            if (line.IsEmpty)
                continue;
            if (_ended)
                return Fail("stands behind # EOF");
            if (line[0] != '#')
                return Sample(line);
            Descriptor(line[1..]);
        }
        return Failure is null && isOpenMetrics && !_ended && Fail("is the last, and no # EOF stands behind it");
    }

    ReadOnlySpan<byte> TakeLine()
    {
        Line++;
        var rest = _text[_at..];
        var end = rest.IndexOf((byte)'\n');
        _at += end < 0 ? rest.Length : end + 1;
        return (end < 0 ? rest : rest[..end]).Trim(" \t\r"u8);
    }

    bool Sample(ReadOnlySpan<byte> line)
    {
        var end = line.IndexOfAny(_endsOfName);
        if (end <= 0)
            return Fail("has no value");
        var name = line[..end];
        var labels = line[end..].TrimStart(" \t"u8);
        if (!labels.IsEmpty && labels[0] == '{')
        {
            var close = EndOfLabels(labels);
            if (close < 0)
                return Fail("has labels that do not end");
            end = line.Length - labels.Length + close + 1;
        }
        Series = line[..end];
        var rest = new ProcFields(line[end..]);
        if (!TryNumber(rest.Next(), out var value))
            return Fail("has no number for its value");
        Value = value;
        T = null;
        var stamp = rest.Next();
        if (!stamp.IsEmpty && stamp[0] != '#' && !TakeTime(stamp))
            return Fail("has a timestamp that is none");
        Belongs(name);
        return true;
    }

    /// <summary>Place of the brace that ends them; -1 when there is none.</summary>
    static int EndOfLabels(ReadOnlySpan<byte> labels)
    {
        for (var at = 1; at < labels.Length;)
        {
            var next = labels[at..].IndexOfAny(_inLabels);
            if (next < 0)
                return -1;
            at += next;
            if (labels[at] == '}')
                return at;
            at++;
            while (true)
            {
                next = labels[at..].IndexOfAny(_inText);
                if (next < 0)
                    return -1;
                at += next;
                if (labels[at] == '"')
                    break;
                // What a backslash stands before belongs to the text.
                at = Math.Min(at + 2, labels.Length);
            }
            at++;
        }
        return -1;
    }

    void Belongs(ReadOnlySpan<byte> name)
    {
        Type = IsOf(name, _family) ? _type : PromType.Unknown;
        Unit = IsOf(name, _unitFamily) ? _unit : default;
    }

    static bool IsOf(ReadOnlySpan<byte> name, ReadOnlySpan<byte> family) =>
        family.Length > 0 && name.StartsWith(family) && (name.Length == family.Length || name[family.Length] == '_');

    void Descriptor(ReadOnlySpan<byte> comment)
    {
        var words = new ProcFields(comment);
        var what = words.Next();
        if (what.SequenceEqual("EOF"u8))
            _ended = isOpenMetrics;
        else if (what.SequenceEqual("TYPE"u8))
        {
            _family = words.Next();
            _type = TypeOf(words.Next());
        }
        else if (what.SequenceEqual("UNIT"u8))
        {
            _unitFamily = words.Next();
            _unit = words.Next();
        }
    }

    static PromType TypeOf(ReadOnlySpan<byte> word) => Encoding.ASCII.GetString(word) switch
    {
        "counter" => PromType.Counter,
        "gauge" => PromType.Gauge,
        "histogram" => PromType.Histogram,
        "gaugehistogram" => PromType.GaugeHistogram,
        "summary" => PromType.Summary,
        "info" => PromType.Info,
        "stateset" => PromType.StateSet,
        _ => PromType.Unknown,
    };

    /// <summary>Milliseconds in the text format, seconds in OpenMetrics.</summary>
    bool TakeTime(ReadOnlySpan<byte> stamp)
    {
        if (isOpenMetrics)
        {
            if (!TryNumber(stamp, out var seconds) || !(Math.Abs(seconds) < 1e12))
                return false;
            T = (long)Math.Round(seconds * 1000);
            return true;
        }
        if (!Utf8Parser.TryParse(stamp, out long milliseconds, out var read) || read != stamp.Length)
            return false;
        T = milliseconds;
        return true;
    }

    static bool TryNumber(ReadOnlySpan<byte> word, out double number)
    {
        if (Utf8Parser.TryParse(word, out number, out var read) && read == word.Length)
            return true;
        var unsigned = word.TrimStart("+-"u8);
        if (word.Length - unsigned.Length > 1)
            return false;
        number = Ascii.EqualsIgnoreCase(unsigned, "nan"u8) ? double.NaN : word[..(word.Length - unsigned.Length)].SequenceEqual("-"u8) ? double.NegativeInfinity : double.PositiveInfinity;
        return double.IsNaN(number) || Ascii.EqualsIgnoreCase(unsigned, "inf"u8) || Ascii.EqualsIgnoreCase(unsigned, "infinity"u8);
    }

    bool Fail(string reason)
    {
        Failure = $"line {Line} {reason}";
        return false;
    }
}
