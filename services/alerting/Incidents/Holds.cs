using Forewarn.Contracts;

namespace Forewarn.Alerting.Incidents;

/// <summary>A sender vouches that something goes on.</summary>
/// <param name="Until">When that ends unless it is said again, unix milliseconds.</param>
/// <param name="Since">As <see cref="Detection.Since"/>: tells one occurrence from the next.</param>
public sealed record Hold(long Until, long Since);

/// <summary>
/// What keeps an incident open though nothing comes, as pure functions: senders that repeat an alert by the hour say until when it
/// holds (<see cref="Detection.HoldsUntil"/>), and say when it is over.
/// </summary>
static class Holds
{
    /// <summary>Most that are known of one incident; of more, those that end first are left out.</summary>
    public const int Most = 256;

    public static readonly IReadOnlyDictionary<string, Hold> None = new Dictionary<string, Hold>(StringComparer.Ordinal);

    /// <summary>Somebody vouches for some of it.</summary>
    public static bool AreHeld(IReadOnlyDictionary<string, Hold> holds, long now) => holds.Values.Any(hold => hold.Until > now);

    /// <summary>The newest word of each fingerprint holds. Where nothing changes the same instance is returned.</summary>
    public static IReadOnlyDictionary<string, Hold> With(IReadOnlyDictionary<string, Hold> holds, IReadOnlyList<FoldPart> parts)
    {
        var changed = holds;
        foreach (var part in parts)
        {
            var newest = part.Detections[^1];
            if (newest.HoldsUntil is not { } until || (newest.IsOver && !changed.ContainsKey(part.Fingerprint)))
                continue;
            var next = new Dictionary<string, Hold>(changed, StringComparer.Ordinal);
            next.Remove(part.Fingerprint);
            if (!newest.IsOver)
                next.Add(part.Fingerprint, new Hold(until, newest.Since));
            if (next.Count > Most)
                next.Remove(next.MinBy(entry => entry.Value.Until).Key);
            changed = next;
        }
        return changed;
    }

    /// <summary>The parts without what tells of an end.</summary>
    public static List<FoldPart> Telling(IReadOnlyList<FoldPart> parts) => Where(parts, (_, detection) => !detection.IsOver);

    /// <summary>The parts without the occurrences that the incident had.</summary>
    public static List<FoldPart> WithoutKnown(IncidentState state, IReadOnlyList<FoldPart> parts) => Where(parts, (part, detection) => !Knows(state, part, detection));

    /// <summary>One of the parts tells of an occurrence that the incident had, so it is the same incident however long its sender was away.</summary>
    public static bool Return(IncidentState state, IReadOnlyList<FoldPart> parts) =>
        parts.Any(part => part.Detections.Any(detection => !detection.IsOver && Knows(state, part, detection)));

    static bool Knows(IncidentState state, FoldPart part, Detection detection) =>
        detection.HoldsUntil is not null
        && (state.Holds.TryGetValue(part.Fingerprint, out var hold)
            ? hold.Since == detection.Since
            // An id is given once.
            : Fingerprint.IncidentId(part.Fingerprint, detection.Since) == state.Incident.Id);

    static List<FoldPart> Where(IReadOnlyList<FoldPart> parts, Func<FoldPart, Detection, bool> keep)
    {
        var kept = new List<FoldPart>(parts.Count);
        foreach (var part in parts)
        {
            var detections = part.Detections.Where(detection => keep(part, detection)).ToList();
            if (detections.Count > 0)
                kept.Add(detections.Count == part.Detections.Count ? part : part with { Detections = detections });
        }
        return kept;
    }
}
