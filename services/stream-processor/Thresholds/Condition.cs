using System.Globalization;
using System.Runtime.InteropServices;

namespace Forewarn.StreamProcessor;

/// <summary>What of a series is compared with a limit.</summary>
enum Measure
{
    /// <summary>Its value.</summary>
    Value,

    /// <summary>What it grows by in a second; a fall is a counter that began again.</summary>
    Rate,

    Mean,
    Min,
    Max,

    /// <summary>Nothing: it is not measured.</summary>
    Missing,
}

enum Comparison
{
    Above,
    AtLeast,
    Below,
    AtMost,
}

/// <summary>A side of a limit.</summary>
[StructLayout(LayoutKind.Auto)]
readonly record struct Bound(Comparison Comparison, double Limit)
{
    public bool IsUpper => Comparison is Comparison.Above or Comparison.AtLeast;

    public bool Holds(double value) => Comparison switch
    {
        Comparison.Above => value > Limit,
        Comparison.AtLeast => value >= Limit,
        Comparison.Below => value < Limit,
        _ => value <= Limit,
    };

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Sign} {Limit:R}");

    string Sign => Comparison switch
    {
        Comparison.Above => ">",
        Comparison.AtLeast => ">=",
        Comparison.Below => "<",
        _ => "<=",
    };
}

/// <summary>What a rule asks: <c>system.filesystem.utilization > 0.9</c>, <c>rate(app.errors) > 5</c>, <c>missing(app.heartbeat)</c>.</summary>
/// <param name="Measure">Of the series.</param>
/// <param name="Series">Name of the series.</param>
/// <param name="Bound">Beyond this it holds; without meaning for <see cref="Measure.Missing"/>.</param>
sealed record Condition(Measure Measure, string Series, Bound Bound)
{
    /// <summary>It looks back over a time, not only at the newest value.</summary>
    public bool IsWindowed => Measure is Measure.Rate or Measure.Mean or Measure.Min or Measure.Max;

    public override string ToString() => Measure switch
    {
        Measure.Value => $"{Series} {Bound}",
        Measure.Missing => $"missing({Series})",
        _ => $"{Measure.ToString().ToLowerInvariant()}({Series}) {Bound}",
    };
}
