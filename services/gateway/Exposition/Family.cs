using Forewarn.Contracts;

namespace Forewarn.Gateway.Exposition;

/// <summary>A metric family: what the text says about it, and what is the contract that docs/prometheus.md lists.</summary>
/// <param name="Help">A sentence without quotes, line breaks and backslashes, which would have to be escaped.</param>
/// <param name="Labels">Names of its labels besides those that each of its kind has.</param>
record Family(string Name, string Help, params IReadOnlyList<string> Labels)
{
    const string InfoSuffix = "_info";

    /// <summary>Values are 1; what counts is in the labels. OpenMetrics has a type for that, the older text has not.</summary>
    public bool IsInfo => Name.EndsWith(InfoSuffix, StringComparison.Ordinal);

    /// <summary>The name as OpenMetrics puts it above the samples.</summary>
    public string OpenMetricsName => IsInfo ? Name[..^InfoSuffix.Length] : Name;
}

/// <summary>One sample that a family has of each thing.</summary>
/// <param name="Extra">A label of its own, as text; empty: none.</param>
/// <param name="Value">NaN: there is none, and the series is absent.</param>
sealed record Reading<T>(string Extra, Func<T, double> Value);

/// <summary>A family that has the same samples of everything of one kind.</summary>
/// <param name="Readings">An array: it is gone through for every metric of every entity.</param>
sealed record Family<T>(string Name, string Help, Reading<T>[] Readings, params IReadOnlyList<string> Labels) : Family(Name, Help, Labels)
{
    public Family(string name, string help, Func<T, double> value)
        : this(name, help, [new Reading<T>("", value)])
    {
    }

    /// <summary>Values are float32: written with as many digits as those have.</summary>
    public bool IsSingle { get; init; }

    public int Count(T thing)
    {
        var count = 0;
        foreach (var reading in Readings)
            count += double.IsFinite(reading.Value(thing)) ? 1 : 0;
        return count;
    }
}

/// <summary>A metric of an entity at its newest tick.</summary>
/// <param name="Forecast">Null where the metric is not on its way to a limit.</param>
readonly record struct MetricPoint(Verdict Verdict, int Column, Forecast? Forecast)
{
    public float Value => At(Verdict.Tick.Values);
    public float Z => At(Verdict.Tick.Z);
    public float Low => At(Verdict.Outlook?.Lower);
    public float High => At(Verdict.Outlook?.Upper);

    float At(float[]? values) => values is not null && Column < values.Length ? values[Column] : float.NaN;
}
