using System.Text;
using Forewarn.Contracts;

namespace Forewarn.Ingestion;

/// <summary>What a line says before its fields: measurement and tags, so whose samples they are.</summary>
sealed class LineName
{
    readonly string _entity;
    readonly string _measurement;
    readonly Dictionary<string, string> _labels;

    LineName(string entity, string measurement, Dictionary<string, string> labels) => (_entity, _measurement, _labels) = (entity, measurement, labels);

    /// <summary>Reads <c>measurement,tag=value,tag=value</c>.</summary>
    /// <param name="text">Up to the space before the fields.</param>
    /// <param name="fallback">Entity of a line without a tag that names one.</param>
    /// <param name="reason">What is not in order; null when all is.</param>
    public static LineName? Parse(ReadOnlySpan<byte> text, string fallback, out string? reason)
    {
        var at = EscapedText.End(text, ","u8);
        var measurement = EscapedText.Decode(text[..at]);
        reason = measurement.Length == 0 ? "must begin with a measurement" : null;
        var tags = new List<KeyValuePair<string, string>>();
        while (reason is null && at < text.Length)
        {
            var tag = text[(at + 1)..];
            tag = tag[..EscapedText.End(tag, ","u8)];
            at += 1 + tag.Length;
            reason = Tag(tag, tags);
        }
        if (reason is not null)
            return null;
        var named = EntityTag.In(tags);
        var entity = named < 0 ? fallback : Tidy.Entity(tags[named].Value);
        if (named >= 0)
            tags.RemoveAt(named);
        if (tags.Count > Names.MaxLabels)
        {
            reason = $"has more than {Names.MaxLabels} tags";
            return null;
        }
        var labels = new Dictionary<string, string>(tags.Count, StringComparer.Ordinal);
        foreach (var (key, value) in tags)
            labels[Tidy.Name(key, Names.MaxLabelKey)] = Tidy.LabelValue(value);
        return new LineName(entity, measurement, labels);
    }

    /// <summary>The series of a field.</summary>
    public SentSeries Series(string field)
    {
        var name = Tidy.Name(field == "value" ? _measurement : $"{_measurement}.{field}");
        return new SentSeries(_entity, _measurement, SeriesColumn.Of(name, "1", _labels));
    }

    static string? Tag(ReadOnlySpan<byte> tag, List<KeyValuePair<string, string>> tags)
    {
        var equals = EscapedText.End(tag, "="u8);
        if (equals == 0 || equals == tag.Length)
            return "has a tag that is not key=value";
        var key = EscapedText.Decode(tag[..equals]);
        var value = tag[(equals + 1)..];
        if (value.IsEmpty)
            return $"has no value for its tag {key}";
        if (EscapedText.End(value, "="u8) < value.Length)
            return "has a tag that is not key=value";
        tags.Add(new(key, EscapedText.Decode(value)));
        return null;
    }
}

/// <summary>Text in which a backslash before a comma, a space or an equals sign takes its meaning away, and any other is itself.</summary>
static class EscapedText
{
    /// <summary>Place of the first of the ends that means something; the text's length when there is none.</summary>
    public static int End(ReadOnlySpan<byte> text, ReadOnlySpan<byte> ends)
    {
        for (var at = 0; ; at++)
        {
            var next = text[at..].IndexOfAny(ends);
            if (next < 0)
                return text.Length;
            at += next;
            if (!IsEscaped(text, at))
                return at;
        }
    }

    public static string Decode(ReadOnlySpan<byte> text)
    {
        var word = Encoding.UTF8.GetString(text);
        return text.Contains((byte)'\\')
            ? word.Replace("\\,", ",", StringComparison.Ordinal).Replace("\\ ", " ", StringComparison.Ordinal).Replace("\\=", "=", StringComparison.Ordinal)
            : word;
    }

    /// <summary>Line ends cannot be escaped.</summary>
    static bool IsEscaped(ReadOnlySpan<byte> text, int at) => at > 0 && text[at - 1] == '\\' && text[at] is not ((byte)'\n' or (byte)'\r');
}
