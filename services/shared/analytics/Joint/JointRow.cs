namespace Forewarn.Analytics;

/// <summary>A row of the joint model: the first twelve features of each of its metrics, metric by metric.</summary>
public static class JointRow
{
    /// <summary>Changes whenever a row is made otherwise; part of a model's identity.</summary>
    public const string Version = "j2";

    /// <summary>Features of a metric.</summary>
    public const int Count = 12;

    /// <summary>The first of them, which the short models read: all but those of 240 points.</summary>
    public const int ShortCount = 10;

    /// <summary>Metrics of a row, at most: the model's matrices grow with their square.</summary>
    public const int MaxMetrics = 128;

    /// <summary>Of the features of a metric, in order.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        "value", "delta", "mean5", "std5", "mean20", "std20", "mean60", "std60", "above_fast", "above_slow", "mean240", "std240",
    ];
}
