using Forewarn.Contracts;

namespace Forewarn.Alerting.Notifications;

/// <summary>
/// An incident's labels as an alert: its identity for Alertmanager. They stay as they are for as long as it lives, severity apart;
/// what else changes belongs into annotations.
/// </summary>
static class AlertLabels
{
    const string Entity = "entity";
    const string Incident = "incident";

    /// <param name="incident">The newest state of it.</param>
    /// <param name="name">Its name when it was first told; null = this is the first time.</param>
    public static Dictionary<string, string> Of(IncidentEvent incident, string? name)
    {
        var labels = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in incident.Labels.Where(label => label.Key.Length > 0 && label.Value.Length > 0).OrderBy(label => label.Key, StringComparer.Ordinal))
            labels.TryAdd(Tidy(key), value);
        labels.TryAdd(AlertNames.Instance, incident.Entity);
        labels[Entity] = incident.Entity;
        labels[Incident] = incident.Id;
        labels[AlertNames.Label] = name ?? NameOf(incident);
        labels[AlertNames.Severity] = incident.Severity.ToString().ToLowerInvariant();
        labels[AlertNames.Source] = AlertNames.Us;
        return labels;
    }

    public static bool AreSame(Dictionary<string, string> one, Dictionary<string, string> other) =>
        one.Count == other.Count && one.All(label => other.TryGetValue(label.Key, out var value) && value == label.Value);

    /// <summary>By kind; an alert of another system keeps the name that it has there.</summary>
    static string NameOf(IncidentEvent incident) => incident switch
    {
        { Storm: true } => "ForewarnStorm",
        { Kind: DetectionKind.External } when incident.Labels.TryGetValue(AlertNames.Label, out var name) => name,
        _ => $"Forewarn{incident.Kind}",
    };

    /// <summary>Attributes have dots, which Alertmanager takes only since 0.27.</summary>
    static string Tidy(string name)
    {
        var tidy = new string([.. name.Select(c => char.IsAsciiLetterOrDigit(c) ? c : '_')]);
        return char.IsAsciiDigit(tidy[0]) ? $"_{tidy}" : tidy;
    }
}
