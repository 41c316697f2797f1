using System.Globalization;

namespace Forewarn.Ingestion;

/// <summary>Types of metrics as Prometheus and OpenMetrics have them, numbered as both versions of remote write do.</summary>
enum PromType
{
    Unknown = 0,
    Counter = 1,
    Gauge = 2,
    Histogram = 3,
    GaugeHistogram = 4,
    Summary = 5,
    Info = 6,
    StateSet = 7,
}

/// <summary>What a sample is to us.</summary>
enum PromRole
{
    /// <summary>A value as it stands.</summary>
    Level,

    /// <summary>Cumulative: published as rate.</summary>
    Counter,

    /// <summary>A bucket of a classic histogram: published with the others as quantiles.</summary>
    Bucket,

    /// <summary>Not published: the times at which counting began, buckets of what is not cumulative.</summary>
    PassedOver,
}

/// <summary>What the names and types of Prometheus mean.</summary>
static class PromNames
{
    public const string Name = "__name__";
    public const string Job = "job";
    public const string Bucket = "le";

    static readonly string[] Suffixes = ["_total", "_bucket", "_count", "_sum", "_created", "_gcount", "_gsum", "_info"];

    static readonly (string Word, string Unit)[] Units =
    [
        ("seconds", "s"), ("bytes", "By"), ("ratio", "1"), ("celsius", "Cel"), ("volts", "V"), ("amperes", "A"), ("joules", "J"),
        ("watts", "W"), ("meters", "m"), ("grams", "g"), ("hertz", "Hz"), ("percent", "%"),
    ];

    /// <summary>What a sample of this name is.</summary>
    /// <param name="name">Of the sample, as sent.</param>
    /// <param name="type">Of its family; unknown leaves it to the name, as exporters' conventions have it.</param>
    /// <param name="hasBucket">Whether it has the label of a bucket.</param>
    public static PromRole RoleOf(string name, PromType type, bool hasBucket) => type switch
    {
        PromType.Counter => Ends(name, "_created") ? PromRole.PassedOver : PromRole.Counter,
        PromType.Histogram or PromType.Summary => Distribution(name, hasBucket),
        PromType.GaugeHistogram => hasBucket && Ends(name, "_bucket") ? PromRole.PassedOver : PromRole.Level,
        PromType.Unknown when hasBucket && Ends(name, "_bucket") => PromRole.Bucket,
        PromType.Unknown when Ends(name, "_total") || Ends(name, "_count") || Ends(name, "_sum") || Ends(name, "_bucket") => PromRole.Counter,
        _ => PromRole.Level,
    };

    /// <summary>Reads the bound of a bucket: a number, or <c>+Inf</c> for all values.</summary>
    public static bool TryBound(string text, out double bound)
    {
        bound = double.PositiveInfinity;
        return text is "+Inf" or "Inf"
            || (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out bound) && bound > double.NegativeInfinity);
    }

    /// <summary>The unit of a sample in UCUM: what its family declares, else what its name ends in, else 1, as that of what is counted.</summary>
    public static string UnitOf(string name, string declared)
    {
        if (Ends(name, "count") || Ends(name, "_bucket"))
            return "1";
        var text = declared.Length > 0 ? declared : Family(name);
        foreach (var (word, unit) in Units)
        {
            if (Ends(text, word) && (text.Length == word.Length || text[^(word.Length + 1)] == '_'))
                return unit;
        }
        return "1";
    }

    /// <summary>The name without what a sample of a family adds to it.</summary>
    public static string Family(string name)
    {
        foreach (var suffix in Suffixes)
        {
            if (name.Length > suffix.Length && Ends(name, suffix))
                return name[..^suffix.Length];
        }
        return name;
    }

    // Its quantiles are levels.
    static PromRole Distribution(string name, bool hasBucket) =>
        Ends(name, "_created") ? PromRole.PassedOver
        : hasBucket && Ends(name, "_bucket") ? PromRole.Bucket
        : Ends(name, "_count") || Ends(name, "_sum") || Ends(name, "_bucket") ? PromRole.Counter
        : PromRole.Level;

    static bool Ends(string name, string suffix) => name.EndsWith(suffix, StringComparison.Ordinal);
}
