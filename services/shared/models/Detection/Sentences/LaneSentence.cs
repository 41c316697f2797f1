using Forewarn.Analytics;
using Forewarn.Contracts;

namespace Forewarn.Models;

/// <summary>Says what one metric does, in one sentence.</summary>
static class LaneSentence
{
    /// <summary><c>http.server.request.duration (checkout) at 2.4 s, normally 180 to 260 ms: a new level; seen on 1 in 4,000 ticks</c></summary>
    public static string Of(SeriesColumn column, Contributor seen, LaneEvents events, TailProbability tail, string normally = UsualHour.Always)
    {
        var name = SeriesName.Of(column);
        var value = Quantity.Of(seen.Value, column.Name, column.Unit);
        return $"{name} at {value}, {normally} {Quantity.Range(seen.Low, seen.High, column.Name, column.Unit)}{Manner(events)}; {JointSentence.Rarity(tail)}";
    }

    static string Manner(LaneEvents events) => events switch
    {
        _ when events.HasFlag(LaneEvents.Level) => ": a new level",
        _ when events.HasFlag(LaneEvents.Spike) => "",
        _ when events.HasFlag(LaneEvents.Variance) => ": far more unsettled than ever",
        _ when events.HasFlag(LaneEvents.Trend) => ": it has wandered off slowly",
        _ => ": a course not seen before",
    };
}
