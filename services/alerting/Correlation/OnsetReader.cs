using Forewarn.Contracts;

namespace Forewarn.Alerting.Correlation;

/// <summary>Reads from detections what correlators compare.</summary>
static class OnsetReader
{
    /// <param name="fingerprint">Of all of them.</param>
    /// <param name="detections">Oldest first, at least one.</param>
    /// <param name="places">Where their entity is, as <c>name=value</c>.</param>
    public static Onset Read(string fingerprint, IReadOnlyList<Detection> detections, IReadOnlyList<string> places)
    {
        var telling = detections.FirstOrDefault(detection => !detection.Ongoing && !detection.IsOver) ?? detections[0];
        return new Onset
        {
            Fingerprint = fingerprint,
            Entity = telling.Entity,
            Kind = telling.Kind,
            Opens = !telling.Ongoing && !telling.IsOver,
            StepMs = detections[^1].StepMs,
            Since = telling.Since,
            HoldsUntil = detections[^1].HoldsUntil,
            Ends = detections[^1].IsOver,
            Evidence = EvidenceOf(telling),
            Places = places,
        };
    }

    static IReadOnlyList<string> EvidenceOf(Detection detection)
    {
        // Two alerts are alike when they are of one rule.
        if (detection.Labels.TryGetValue(AlertNames.Label, out var alert))
            return [$"alert {alert}"];
        // A host that stopped has no metric that moved.
        if (detection.Contributors.Count == 0)
            return [Word(detection.Kind)];
        return [.. detection.Contributors
            .Select(contributor => $"{contributor.Name} {(contributor.Z < 0 ? "down" : "up")}")
            .Distinct(StringComparer.Ordinal)
            .Take(CorrelationWindow.MostEvidence)];
    }

    static string Word(DetectionKind kind) => kind == DetectionKind.Silence ? "silence" : kind.ToString();
}
