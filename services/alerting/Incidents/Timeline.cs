using Forewarn.Contracts;

namespace Forewarn.Alerting.Incidents;

/// <summary>The story of an incident.</summary>
static class Timeline
{
    /// <summary>Adds a line; the oldest but the first gives way when there are too many.</summary>
    public static IncidentEvent Note(this IncidentEvent incident, long at, TimelineKind what, string text, string? who = null)
    {
        var lines = incident.Timeline.ToList();
        if (lines.Count >= IncidentRules.MostTimeline)
            lines.RemoveAt(1);
        lines.Add(new TimelineEntry(at, what, who, text));
        return incident with { Timeline = lines };
    }
}
