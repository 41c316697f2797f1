namespace Forewarn.Contracts;

/// <summary>Whether an <see cref="AlertMatch"/> means an incident: the same for routes, silences and budgets.</summary>
public static class AlertMatching
{
    /// <summary>Severity, kind and labels fit, and at least one of the entities that the incident concerns.</summary>
    public static bool Matches(AlertMatch match, IncidentEvent incident)
    {
        ArgumentNullException.ThrowIfNull(match);
        ArgumentNullException.ThrowIfNull(incident);
        return (match.Severity.Count == 0 || match.Severity.Contains(incident.Severity))
            && (match.Kind.Count == 0 || match.Kind.Contains(incident.Kind))
            && MatchesLabels(match, incident.Labels)
            && (match.Entity is null || NamePattern.Matches(match.Entity, incident.Entity) || incident.Entities.Any(entity => NamePattern.Matches(match.Entity, entity)));
    }

    /// <summary>Name and labels fit; severity and kind belong to incidents and are left aside.</summary>
    public static bool MatchesEntity(AlertMatch match, string entity, IReadOnlyDictionary<string, string> labels)
    {
        ArgumentNullException.ThrowIfNull(match);
        return (match.Entity is null || NamePattern.Matches(match.Entity, entity)) && MatchesLabels(match, labels);
    }

    /// <summary>It means every entity.</summary>
    public static bool MeansEveryEntity(AlertMatch match)
    {
        ArgumentNullException.ThrowIfNull(match);
        return match.Labels.Count == 0 && (match.Entity is null || match.Entity.AsSpan().TrimStart('*').IsEmpty);
    }

    /// <summary>It means every incident.</summary>
    public static bool MeansEverything(AlertMatch match) => MeansEveryEntity(match) && match.Severity.Count == 0 && match.Kind.Count == 0;

    static bool MatchesLabels(AlertMatch match, IReadOnlyDictionary<string, string> labels) =>
        match.Labels.All(wanted => labels.TryGetValue(wanted.Key, out var value) && NamePattern.Matches(wanted.Value, value));
}
