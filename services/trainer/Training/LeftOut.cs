using Forewarn.Contracts;

namespace Forewarn.Trainer;

/// <summary>Which times are no normal behaviour and give no rows.</summary>
static class LeftOut
{
    /// <summary>Around such a time things are not normal either, and windows still hold it.</summary>
    public const long MarginMs = 60_000;

    /// <summary>
    /// Of an entity: incidents that nobody called a false alarm, what was useful or missed, maintenance and flagged times. What was
    /// called a false alarm is normal and stays in: a model that never sees it would raise it again.
    /// </summary>
    /// <param name="entity">Its name.</param>
    /// <param name="incidents">Of any entity; one without an end goes on.</param>
    /// <param name="feedback">What people said, one word for each incident.</param>
    /// <param name="exclusions">Of this entity, another, or all.</param>
    /// <param name="now">Unix milliseconds.</param>
    public static IReadOnlyList<(long From, long To)> Of(
        string entity, IEnumerable<IncidentEvent> incidents, IReadOnlyList<FeedbackEvent> feedback, IReadOnlyList<Exclusion> exclusions, long now)
    {
        var falseAlarms = feedback.Where(word => word.Kind == FeedbackKind.FalseAlarm).Select(word => word.Incident).ToHashSet(StringComparer.Ordinal);
        var spans = incidents.Where(incident => incident.Entity == entity && !falseAlarms.Contains(incident.Id))
            .Select(incident => (incident.StartedAt, incident.ResolvedAt ?? now))
            .Concat(feedback.Where(word => word.Kind != FeedbackKind.FalseAlarm && word.Entity == entity).Select(word => (word.From, word.To ?? word.At)))
            .Concat(exclusions.Where(exclusion => exclusion.Entity is null || exclusion.Entity == entity).Select(exclusion => (exclusion.From, exclusion.To)));
        return [.. spans.Select(span => (span.Item1 - MarginMs, span.Item2 + MarginMs))];
    }
}
