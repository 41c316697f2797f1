using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace Forewarn.Ingestion;

/// <summary>
/// Reads Influx's line protocol, version 1 and 2: <c>measurement,tag=value field=1.5,other=2i 1800000000000000000</c>. Escapes, quoted
/// text, comments and both line ends as its reference has them (docs.influxdata.com, "Line protocol"). Numbers and truth values
/// become samples; text is passed over. A line that is not in order refuses the whole body and is named.
/// </summary>
ref struct LineReader
{
    readonly ReadOnlySpan<byte> _text;
    readonly LineTimes _times;
    readonly PointCollector _points;
    readonly SeriesCache<SentSeries> _series;
    readonly string _fallback;
    readonly byte[] _fallbackKey;
    readonly List<(int Begin, int End, double Value)> _fields = [];
    readonly ArrayBufferWriter<byte> _key = new();
    int _at;
    int _line = 1;
    string? _reason;

    LineReader(ReadOnlySpan<byte> text, LineTimes times, string fallback, SeriesCache<SentSeries> series, PointCollector points)
    {
        _text = text;
        (_times, _series, _points) = (times, series, points);
        // Line ends stand in no name, so that what they separate cannot be mistaken for something else.
        (_fallback, _fallbackKey) = (fallback, Encoding.UTF8.GetBytes($"\n{fallback}\n"));
    }

    /// <summary>Reads all lines.</summary>
    /// <param name="text">UTF-8.</param>
    /// <param name="times">What timestamps mean.</param>
    /// <param name="fallback">Entity of lines without a tag that names one.</param>
    /// <param name="series">Series of lines seen before.</param>
    /// <param name="points">Takes the samples.</param>
    /// <returns>Why the body is refused; null when it was read.</returns>
    public static Refusal? Read(ReadOnlySpan<byte> text, LineTimes times, string fallback, SeriesCache<SentSeries> series, PointCollector points)
    {
        var reader = new LineReader(text, times, fallback, series, points);
        return reader.Lines() ? null : new(400, "syntax", $"line {reader._line}", reader._reason!);
    }

    bool Lines()
    {
        while (_at < _text.Length)
        {
            if (Next() is (byte)'\n' or (byte)'\r' or (byte)' ')
            {
                if (Take() == '\n')
                    _line++;
                continue;
            }
            if (Next() == '#')
            {
                SkipLine();
                continue;
            }
            if (!Line())
                return false;
        }
        return true;
    }

    bool Line()
    {
        _fields.Clear();
        var rest = _text[_at..];
        var name = rest[..EscapedText.End(rest, " \n\r"u8)];
        _at += name.Length;
        if (!Blanks())
            return LineName.Parse(name, _fallback, out _reason) is not null && Refuse("must have fields after its measurement and tags, behind a space");
        do
        {
            if (!Field())
                return false;
        }
        while (Consumed(','));
        return Time(out var t) && End() && Keep(name, t);
    }

    bool Field()
    {
        var name = _at;
        _at += EscapedText.End(_text[_at..], "=, \n\r"u8);
        var end = _at;
        if (end == name || !Consumed('='))
            return Refuse("has a field that is not key=value");
        if (Next() == '"')
            return Quoted() || Refuse($"has text in its field {EscapedText.Decode(_text[name..end])} that does not end");
        var begin = _at;
        while (_at < _text.Length && _text[_at] is not ((byte)',' or (byte)' ' or (byte)'\n' or (byte)'\r'))
            _at++;
        if (!LineNumber.TryParse(_text[begin.._at], out var number))
            return Refuse($"has no number, truth value or quoted text in its field {EscapedText.Decode(_text[name..end])}");
        _fields.Add((name, end, number));
        return true;
    }

    bool Time(out long t)
    {
        t = _times.Received;
        if (!Blanks() || _at == _text.Length || Next() is (byte)'\n' or (byte)'\r')
            return true;
        if (!Utf8Parser.TryParse(_text[_at..], out long stamp, out var read) || (read > 0 && _text[_at] == '+'))
            return Refuse("has a timestamp that is no whole number");
        _at += read;
        Blanks();
        return _times.TryRead(stamp, out t, out var reason) || Refuse(reason);
    }

    bool End()
    {
        if (_at < _text.Length && Next() == '\r')
            _at++;
        if (_at == _text.Length)
            return true;
        if (Next() != '\n')
            return Refuse("goes on behind its timestamp");
        _at++;
        return true;
    }

    bool Keep(ReadOnlySpan<byte> name, long t)
    {
        LineName? parsed = null;
        if (_fields.Count == 0 && LineName.Parse(name, _fallback, out _reason) is null)
            return false;
        foreach (var (begin, end, value) in _fields)
        {
            _key.ResetWrittenCount();
            _key.Write(name);
            _key.Write(_fallbackKey);
            _key.Write(_text[begin..end]);
            if (!_series.TryGet(_key.WrittenSpan, out var series))
            {
                parsed ??= LineName.Parse(name, _fallback, out _reason);
                if (parsed is null)
                    return false;
                series = parsed.Series(EscapedText.Decode(_text[begin..end]));
                _series.Add(_key.WrittenSpan, series);
            }
            _points.Add(series, t, value);
        }
        _line++;
        return true;
    }

    bool Quoted()
    {
        _at++;
        while (_at < _text.Length && _text[_at] != '"')
        {
            if (_text[_at] == '\\' && _at + 1 < _text.Length)
                _at++;
            if (_text[_at] == '\n')
                _line++;
            _at++;
        }
        return Consumed('"');
    }

    bool Blanks()
    {
        var begin = _at;
        while (_at < _text.Length && _text[_at] == ' ')
            _at++;
        return _at > begin;
    }

    void SkipLine()
    {
        while (_at < _text.Length && _text[_at] != '\n')
            _at++;
    }

    bool Consumed(char expected)
    {
        if (Next() != expected)
            return false;
        _at++;
        return true;
    }

    readonly byte Next() => _at < _text.Length ? _text[_at] : (byte)0;

    byte Take() => _text[_at++];

    bool Refuse(string reason)
    {
        _reason = reason;
        return false;
    }
}
