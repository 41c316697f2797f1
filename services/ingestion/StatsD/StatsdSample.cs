using System.Globalization;
using System.Text;

namespace Forewarn.Ingestion;

enum StatsdKind
{
    /// <summary><c>c</c>: counted since the last flush.</summary>
    Counter,

    /// <summary><c>g</c>: a level; with a sign a change of it.</summary>
    Gauge,

    /// <summary><c>ms</c>: a duration.</summary>
    Timer,

    /// <summary><c>h</c> and <c>d</c>: a size of something.</summary>
    Histogram,

    /// <summary><c>s</c>: a member of a set.</summary>
    Set,
}

/// <summary>A line of StatsD.</summary>
/// <param name="Name">As sent.</param>
/// <param name="Kind">What the values are.</param>
/// <param name="Values">As sent; numbers but of a set.</param>
/// <param name="Rate">Share of the events that are sent at all, in (0, 1].</param>
/// <param name="Tags">Of DogStatsD; a tag without a value has an empty one.</param>
sealed record StatsdSample(string Name, StatsdKind Kind, IReadOnlyList<string> Values, double Rate, List<KeyValuePair<string, string>> Tags)
{
    const int MostValues = 1_000;

    /// <summary>
    /// Reads <c>name:value[:value]|type[|@rate][|#tag:value,tag]</c>: StatsD's metric types, and DogStatsD's tags and several values; other
    /// sections, such as a container, are passed over.
    /// </summary>
    /// <param name="line">One line, UTF-8, without its end.</param>
    /// <returns>Null when it is none, or an event or service check of DogStatsD.</returns>
    public static StatsdSample? Parse(ReadOnlySpan<byte> line)
    {
        var text = Encoding.UTF8.GetString(line);
        var sections = text.Split('|');
        var colon = sections[0].IndexOf(':', StringComparison.Ordinal);
        if (sections.Length < 2 || colon <= 0 || KindOf(sections[1]) is not { } kind)
            return null;
        var values = sections[0][(colon + 1)..].Split(':');
        if (values.Length > MostValues || (kind != StatsdKind.Set && !values.All(IsNumber)))
            return null;
        var (rate, tags) = (1.0, new List<KeyValuePair<string, string>>());
        foreach (var section in sections.AsSpan(2))
        {
            if (section.StartsWith('@'))
            {
                if (!double.TryParse(section.AsSpan(1), NumberStyles.Float, CultureInfo.InvariantCulture, out rate) || !(rate > 0 && rate <= 1))
                    return null;
            }
            else if (section.StartsWith('#'))
            {
                tags.AddRange(section[1..].Split(',', StringSplitOptions.RemoveEmptyEntries).Select(TagOf));
            }
        }
        return new StatsdSample(sections[0][..colon], kind, values, rate, tags);
    }

    public static double Number(string value) => double.Parse(value, NumberStyles.Float, CultureInfo.InvariantCulture);

    static bool IsNumber(string value) => double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number);

    static KeyValuePair<string, string> TagOf(string tag)
    {
        var colon = tag.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? new(tag, "") : new(tag[..colon], tag[(colon + 1)..]);
    }

    static StatsdKind? KindOf(string type) => type switch
    {
        "c" => StatsdKind.Counter,
        "g" => StatsdKind.Gauge,
        "ms" => StatsdKind.Timer,
        "h" or "d" => StatsdKind.Histogram,
        "s" => StatsdKind.Set,
        _ => null,
    };
}
