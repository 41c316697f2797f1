using System.Buffers.Text;
using System.Text;
using Forewarn.Contracts;

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
    readonly string _fallback;
    readonly List<KeyValuePair<string, string>> _tags = [];
    readonly List<(string Name, double Value)> _fields = [];
    int _at;
    int _line = 1;
    string? _reason;

    LineReader(ReadOnlySpan<byte> text, LineTimes times, string fallback, PointCollector points)
    {
        _text = text;
        (_times, _fallback, _points) = (times, fallback, points);
    }

    /// <summary>Reads all lines.</summary>
    /// <param name="text">UTF-8.</param>
    /// <param name="times">What timestamps mean.</param>
    /// <param name="fallback">Entity of lines without a tag that names one.</param>
    /// <param name="points">Takes the samples.</param>
    /// <returns>Why the body is refused; null when it was read.</returns>
    public static Refusal? Read(ReadOnlySpan<byte> text, LineTimes times, string fallback, PointCollector points)
    {
        var reader = new LineReader(text, times, fallback, points);
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
        _tags.Clear();
        _fields.Clear();
        if (!Word(", "u8, out var measurement) || measurement.Length == 0)
            return Refuse("must begin with a measurement");
        while (Next() == ',')
        {
            _at++;
            if (!Tag())
                return false;
        }
        if (!Blanks())
            return Refuse("must have fields after its measurement and tags, behind a space");
        do
        {
            if (!Field())
                return false;
        }
        while (Consumed(','));
        return Time(out var t) && End() && Keep(measurement, t);
    }

    bool Tag()
    {
        if (!Word("=, "u8, out var key) || key.Length == 0 || !Consumed('='))
            return Refuse("has a tag that is not key=value");
        if (!Word(", ="u8, out var value) || value.Length == 0)
            return Refuse($"has no value for its tag {key}");
        _tags.Add(new(key, value));
        return true;
    }

    bool Field()
    {
        if (!Word("=, "u8, out var key) || key.Length == 0 || !Consumed('='))
            return Refuse("has a field that is not key=value");
        if (Next() == '"')
            return Quoted() || Refuse($"has text in its field {key} that does not end");
        var begin = _at;
        while (_at < _text.Length && _text[_at] is not ((byte)',' or (byte)' ' or (byte)'\n' or (byte)'\r'))
            _at++;
        if (!LineNumber.TryParse(_text[begin.._at], out var number))
            return Refuse($"has no number, truth value or quoted text in its field {key}");
        _fields.Add((key, number));
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

    bool Keep(string measurement, long t)
    {
        var named = EntityTag.In(_tags);
        var entity = named < 0 ? _fallback : Tidy.Entity(_tags[named].Value);
        if (named >= 0)
            _tags.RemoveAt(named);
        if (_tags.Count > Names.MaxLabels)
            return Refuse($"has more than {Names.MaxLabels} tags");
        var labels = new Dictionary<string, string>(_tags.Count, StringComparer.Ordinal);
        foreach (var (key, value) in _tags)
            labels[Tidy.Name(key, Names.MaxLabelKey)] = Tidy.LabelValue(value);
        foreach (var (field, value) in _fields)
        {
            var name = Tidy.Name(field == "value" ? measurement : $"{measurement}.{field}");
            _points.Add(new SentSeries(entity, measurement, SeriesColumn.Of(name, "1", labels)), t, value);
        }
        _line++;
        return true;
    }

    /// <summary>Text up to one of the ends or the end of the line; a backslash before an end, or a backslash, takes its meaning away.</summary>
    bool Word(ReadOnlySpan<byte> ends, out string word)
    {
        var (begin, escaped) = (_at, false);
        while (_at < _text.Length && !ends.Contains(_text[_at]) && _text[_at] is not ((byte)'\n' or (byte)'\r'))
        {
            if (_text[_at] == '\\' && _at + 1 < _text.Length && _text[_at + 1] is (byte)',' or (byte)' ' or (byte)'=')
            {
                escaped = true;
                _at++;
            }
            _at++;
        }
        word = Encoding.UTF8.GetString(_text[begin.._at]);
        if (escaped)
            word = word.Replace("\\,", ",", StringComparison.Ordinal).Replace("\\ ", " ", StringComparison.Ordinal).Replace("\\=", "=", StringComparison.Ordinal);
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
