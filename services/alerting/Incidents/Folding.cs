using System.Globalization;
using Forewarn.Contracts;

namespace Forewarn.Alerting.Incidents;

/// <summary>
/// How detections become one incident. The worst moment of its own fingerprint gives the incident its words, of those that
/// tell of a limit ahead or of those that tell of strangeness, as it began; symptoms are listed, and severity never falls.
/// </summary>
static class Folding
{
    /// <summary>Why a detection belongs to a storm.</summary>
    public const string Storm = "storm";

    const double LeastLagSeconds = 1;
    const int MostNamed = 3;

    /// <summary>The incident before anything is folded into it.</summary>
    public static IncidentEvent First(DetectionFold fold, Detection detection, bool isStorm, long now) => new IncidentEvent
    {
        Id = Fingerprint.IncidentId(fold.Lead, detection.Since),
        Revision = 1,
        Fingerprint = fold.Lead,
        Entity = detection.Entity,
        Labels = isStorm ? new Dictionary<string, string>(StringComparer.Ordinal) : fold.Labels,
        Links = isStorm ? new Dictionary<string, string>(StringComparer.Ordinal) : detection.Links,
        Kind = detection.Kind,
        Status = IncidentStatus.Open,
        Severity = isStorm ? IncidentSeverity.Critical : Severity.Of(detection),
        Summary = detection.Summary,
        StartedAt = detection.Since,
        OpenedAt = now,
        UpdatedAt = now,
        Count = 0,
        P = detection.P,
        Extrapolated = detection.Extrapolated,
        Score = detection.Score,
        Contributors = detection.Contributors,
        Forecast = detection.Forecast,
        Storm = isStorm,
        Model = detection.Model,
        Features = detection.Features,
        Stamps = detection.Stamps,
    }.Note(now, TimelineKind.Opened, detection.Summary);

    /// <summary>Takes the detections of one fingerprint.</summary>
    /// <param name="isNew">None of it was folded in before.</param>
    public static IncidentEvent Fold(IncidentEvent incident, FoldPart part, bool isNew, Intervention? intervention, long now)
    {
        foreach (var detection in part.Detections)
            incident = Fold(incident, part, detection, intervention, now);
        if (part.Why.Length > 0)
            incident = Join(incident, part, isNew, now);
        var entities = EntitiesOf(incident);
        return incident with
        {
            Entities = entities,
            Severity = Severity.Broadened(incident.Severity, entities.Count),
            ProbableCause = incident.Storm ? null : CauseOf(incident),
        };
    }

    /// <summary>Says how much was folded into it, those that are not listed too; a storm's sentence names it.</summary>
    public static IncidentEvent Count(IncidentEvent incident, int symptoms)
    {
        var counted = incident with { SymptomCount = symptoms };
        return incident.Storm ? counted with { Summary = StormSentence(counted) } : counted;
    }

    public static string Word(IncidentSeverity severity) => severity.ToString().ToLowerInvariant();

    static IncidentEvent Fold(IncidentEvent incident, FoldPart part, Detection detection, Intervention? intervention, long now)
    {
        var severity = Severity.Of(detection);
        incident = PredictionLife.Observe(incident, detection, intervention, now);
        var counted = incident with
        {
            Count = incident.Count + 1,
            UpdatedAt = now,
            Severity = severity > incident.Severity ? severity : incident.Severity,
            Forecast = detection.Forecast ?? incident.Forecast,
        };
        var isAlike = (detection.Kind == DetectionKind.PredictedBreach) == (incident.Kind == DetectionKind.PredictedBreach);
        return part.Why.Length == 0 && isAlike && detection.Score > incident.Score
            ? counted with
            {
                Kind = detection.Kind,
                Summary = detection.Summary,
                Score = detection.Score,
                P = detection.P,
                Extrapolated = detection.Extrapolated,
                Contributors = detection.Contributors,
                Model = detection.Model,
                Features = detection.Features,
            }
            : counted;
    }

    static IncidentEvent Join(IncidentEvent incident, FoldPart part, bool isNew, long now)
    {
        var newest = part.Detections[^1];
        var symptoms = incident.Symptoms.ToList();
        var known = symptoms.FindIndex(symptom => symptom.Entity == newest.Entity && symptom.Cause == newest.Cause);
        if (known >= 0)
        {
            symptoms[known] = symptoms[known] with { LastT = newest.T };
            return incident with { Symptoms = symptoms };
        }
        if (symptoms.Count >= IncidentRules.MostListed)
            return incident;
        var first = part.Detections[0];
        symptoms.Add(new Symptom
        {
            Entity = first.Entity,
            Cause = first.Cause,
            Kind = first.Kind,
            Summary = first.Summary,
            Since = first.Since,
            LastT = newest.T,
            FoldedAt = now,
            Why = part.Why,
        });
        incident = incident with { Symptoms = [.. symptoms.OrderBy(symptom => symptom.Since)] };
        return isNew && !incident.Storm ? incident.Note(now, TimelineKind.Joined, $"{first.Entity}: {first.Summary}") : incident;
    }

    static List<string> EntitiesOf(IncidentEvent incident)
    {
        // The storm itself is nowhere.
        IEnumerable<(string Entity, long Since)> movers = incident.Symptoms.Select(symptom => (symptom.Entity, symptom.Since));
        if (!incident.Storm)
            movers = movers.Prepend((incident.Entity, incident.StartedAt));
        return [.. movers.OrderBy(mover => mover.Since).Select(mover => mover.Entity).Distinct(StringComparer.Ordinal).Take(IncidentRules.MostListed)];
    }

    static string? CauseOf(IncidentEvent incident)
    {
        var others = incident.Symptoms.Where(symptom => symptom.Entity != incident.Entity)
            .Select(symptom => (symptom.Entity, symptom.Since, symptom.Why))
            .DistinctBy(symptom => symptom.Entity, StringComparer.Ordinal).ToList();
        if (others.Count == 0)
            return null;
        var movers = others.Select(other => (other.Entity, other.Since)).Append((incident.Entity, Since: incident.StartedAt)).OrderBy(mover => mover.Since).ToList();
        var lag = (movers[1].Since - movers[0].Since) / 1000.0;
        var shared = others[0].Why;
        return lag >= LeastLagSeconds
            ? Text($"{movers[0].Entity} moved first, {lag:0} s before {movers[1].Entity}{Rest(movers.Count - 2)}; they share {shared}")
            : Text($"{string.Join(", ", movers.Take(MostNamed).Select(mover => mover.Entity))}{Rest(movers.Count - MostNamed)} moved at once; they share {shared}");
    }

    static string StormSentence(IncidentEvent incident)
    {
        var named = incident.Symptoms.Select(symptom => symptom.Entity).Distinct(StringComparer.Ordinal).Take(MostNamed).ToList();
        return Text($"A storm: {incident.SymptomCount + 1} things at once, first {string.Join(", ", named)}. First of all: {(incident.Symptoms is [var first, ..] ? first.Summary : incident.Summary)}");
    }

    static string Rest(int count) => count > 0 ? Text($" and {count} more") : "";

    static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
