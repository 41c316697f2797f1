using System.Globalization;
using Forewarn.Analytics;
using Forewarn.Contracts;

namespace Forewarn.Models;

/// <summary>Says what happened to one metric, since when, and what is usual.</summary>
static class EventSentence
{
    const double Always = 0.995;

    /// <summary><c>system.cpu.utilization (user) has stood still at 43.2 % for 12 s; it changed with every value before</c></summary>
    /// <param name="column">The metric.</param>
    /// <param name="watch">Its watch, which tells something.</param>
    /// <param name="seen">Its value, and what was normal when it began.</param>
    /// <param name="t">Event time now.</param>
    /// <param name="others">Other metrics that something happened to.</param>
    public static string Of(SeriesColumn column, MetricWatch watch, Contributor seen, long t, int others)
    {
        var name = SeriesName.Of(column);
        var value = Quantity.Of(seen.Value, column.Name, column.Unit);
        var normal = $"normally {Quantity.Range(seen.Low, seen.High, column.Name, column.Unit)}";
        var lasts = Duration(t - watch.Since);
        var what = watch.Event switch
        {
            MetricEvent.Silence => $"{name} has not come for {lasts} while the others do; it was at {value}, and came {Rhythm(watch.Interval)}",
            MetricEvent.DropToZero => $"{name} dropped to zero {lasts} ago, {normal}; it is hardly ever zero",
            MetricEvent.Level => $"{name} at {value}, {normal}: a new level for {lasts}",
            MetricEvent.Ramp => $"{name} at {value} has run away bit by bit for {lasts}, {normal}",
            MetricEvent.Trend => $"{name} at {value} has crept out of where it is on any day, {normal}",
            _ => $"{name} has stood still at {value} for {lasts}; it changed {Movement(1 - watch.Repeats)} before",
        };
        return what + others switch
        {
            0 => "",
            1 => "; something happened to 1 more metric",
            _ => string.Create(CultureInfo.InvariantCulture, $"; something happened to {others} more metrics"),
        };
    }

    static string Movement(double share) =>
        share >= Always ? "with every value" : string.Create(CultureInfo.InvariantCulture, $"with {100 * share:0} % of values");

    static string Rhythm(double ticks) => Math.Round(ticks) <= 1 ? "with each of them" : string.Create(CultureInfo.InvariantCulture, $"with one in {ticks:0}");

    static string Duration(long ms) => ms switch
    {
        < 120_000 => string.Create(CultureInfo.InvariantCulture, $"{Math.Round(ms / 1000.0):0} s"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{Math.Round(ms / 60_000.0):0} min"),
    };
}
