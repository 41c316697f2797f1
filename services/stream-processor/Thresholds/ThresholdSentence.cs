using System.Globalization;
using Forewarn.Contracts;

namespace Forewarn.StreamProcessor;

/// <summary>Says which rule holds, on what and for how long.</summary>
static class ThresholdSentence
{
    /// <summary><c>system.filesystem.utilization on /data is 0.93, above 0.9 for 1 min (rule disk-full)</c></summary>
    public static string Of(ThresholdFinding finding)
    {
        var (rule, worst, others) = (finding.Rule, finding.Watches[0], finding.Watches.Count - 1);
        var more = others switch
        {
            0 => "",
            1 => "; so is 1 more series",
            _ => string.Create(CultureInfo.InvariantCulture, $"; so are {others} more series"),
        };
        var heldMs = Math.Max(0, finding.T - (worst.State.Since ?? finding.T));
        return rule.Condition.Measure == Measure.Missing
            ? $"{Name(rule, worst.Column)} has not been measured for {Durations.Say(heldMs)}{more} (rule {rule.Name})"
            : $"{Subject(rule, worst.Column)} is {Number(worst.Value)}{Unit(rule, worst.Column)}, {Side(rule, worst, heldMs)}{more} (rule {rule.Name})";
    }

    static string Subject(ThresholdRule rule, SeriesColumn column) => rule.Condition.Measure switch
    {
        Measure.Value => Name(rule, column),
        var measure => $"{measure.ToString().ToLowerInvariant()} of {Name(rule, column)} over {Durations.Say(rule.OverMs)}",
    };

    // Between the limit and what clears it, it is neither.
    static string Side(ThresholdRule rule, SeriesWatch watch, long heldMs) => watch.State.IsBeyond || rule.Clear is not { } clear
        ? $"{Words(rule.Condition.Bound)}{Held(heldMs)}"
        : $"not yet {Words(clear)}";

    static string Words(Bound bound)
    {
        var side = bound.Comparison switch
        {
            Comparison.Above => "above",
            Comparison.AtLeast => "at least",
            Comparison.Below => "below",
            _ => "at most",
        };
        return $"{side} {Number(bound.Limit)}";
    }

    static string Held(long ms) => ms < 1000 ? "" : $" for {Durations.Say(ms)}";

    /// <summary>The name, and the labels that tell it from its sisters: those that the rule asks for, else all.</summary>
    static string Name(ThresholdRule rule, SeriesColumn column)
    {
        var telling = column.Labels.Where(label => rule.Labels.Count == 0 || rule.Labels.ContainsKey(label.Key)).OrderBy(label => label.Key, StringComparer.Ordinal).Select(label => label.Value).ToList();
        return telling.Count == 0 ? column.Name : $"{column.Name} on {string.Join(", ", telling)}";
    }

    static string Unit(ThresholdRule rule, SeriesColumn column)
    {
        var perSecond = rule.Condition.Measure == Measure.Rate ? "/s" : "";
        return column.Unit is "" or "1" || column.Unit.StartsWith('{') ? perSecond : $" {column.Unit}{perSecond}";
    }

    static string Number(double value) => Math.Abs(value) switch
    {
        >= 1e15 => value.ToString("0.###e0", CultureInfo.InvariantCulture),
        >= 1000 => value.ToString("#,0", CultureInfo.InvariantCulture),
        >= 10 => value.ToString("0.##", CultureInfo.InvariantCulture),
        0 or >= 1e-3 => value.ToString("0.####", CultureInfo.InvariantCulture),
        _ => value.ToString("0.###e0", CultureInfo.InvariantCulture),
    };
}
