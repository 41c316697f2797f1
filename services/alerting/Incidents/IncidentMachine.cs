using Forewarn.Alerting.Notifications;
using Forewarn.Contracts;

namespace Forewarn.Alerting.Incidents;

/// <summary>
/// The life of an incident as pure functions: <c>(state, what happened, now) → state</c>. What must leave the process is
/// in <see cref="IncidentState.Pending"/>. A function that changes nothing returns the same instance. What people do is in
/// <see cref="IncidentActions"/>, who is told in <see cref="Telling"/>.
/// </summary>
public static class IncidentMachine
{
    const double QuietSteps = 2.5;

    /// <summary>Detections open, continue or reopen; what only goes on does not open, and repeats change nothing.</summary>
    /// <returns>Null when there was no incident and none began.</returns>
    public static IncidentState? Observe(IncidentState? state, DetectionFold fold, long now, AlertingOptions options)
    {
        ArgumentNullException.ThrowIfNull(fold);
        ArgumentNullException.ThrowIfNull(options);
        IReadOnlyList<FoldPart> parts = fold.Parts;
        // What a person has closed stays closed for as long as its sender tells of the same occurrence.
        if (state is { ClosedByPerson: true, Incident.Status: IncidentStatus.Resolved })
            parts = Holds.WithoutKnown(state, parts);
        if (state is not null && IsOver(state, now, options) && !Holds.Return(state, parts))
            state = null;
        var fresh = Fresh(state, parts);
        var telling = Holds.Telling(fresh);
        if (telling.Count == 0)
            return state is null ? null : Release(state, fresh, now);
        if (state is null)
        {
            var first = telling.FirstOrDefault(part => part.Detections.Any(detection => !detection.Ongoing));
            return first is null ? null : Continue(Open(fold, first, now), fresh, telling, now, options);
        }
        if (state.Incident.Status != IncidentStatus.Resolved)
            return Continue(state, fresh, telling, now, options);
        // A prediction that outlives its incident still hears what became of it.
        var settled = Settle(state, telling, now);
        if (state.ClosedByPerson || telling.TrueForAll(part => part.Detections.All(detection => detection.Ongoing)))
            return settled;
        return Continue(Reopen(settled, now), fresh, telling, now, options);
    }

    /// <summary>Time passed: predictions are settled, escalations come due, an incident without detections for long enough ends.</summary>
    public static IncidentState Elapse(IncidentState state, long now, AlertingOptions options)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(options);
        var settled = PredictionLife.Elapse(state.Incident, state.Intervention, now);
        if (!ReferenceEquals(settled, state.Incident))
            state = state.Publish(settled, now, NotificationKind.Updated);
        if (state.Incident.Status == IncidentStatus.Resolved)
            return state;
        // What is over by now is not escalated on its way out.
        return now - state.LastObservedAt >= QuietMs(state, now, options) && !Holds.AreHeld(state.Holds, now)
            ? End(state, now, WhyOver(state), who: null)
            : Telling.Elapse(state, now);
    }

    /// <summary>What was pending has left.</summary>
    public static IncidentState Delivered(IncidentState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        return state with { Pending = Pending.None };
    }

    /// <summary>The occurrence is done with: what comes now is another.</summary>
    public static bool IsOver(IncidentState state, long now, AlertingOptions options)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(options);
        return state.Incident is { Status: IncidentStatus.Resolved, ResolvedAt: { } end } && now - end > options.ReopenWithinSeconds * 1000L;
    }

    internal static IncidentState End(IncidentState state, long now, string why, string? who) => (state with
    {
        Endings = FlapDamping.With(state.Endings, now),
        ClosedByPerson = who is not null,
        SnoozedUntil = null,
        Escalation = [],
    }).Publish(
        (state.Incident with { Status = IncidentStatus.Resolved, ResolvedAt = now }).Note(now, TimelineKind.Resolved, why, who), now, NotificationKind.Resolved);

    /// <summary>The parts with what was not seen before, oldest first.</summary>
    static List<FoldPart> Fresh(IncidentState? state, IReadOnlyList<FoldPart> parts)
    {
        if (state is null)
            return [.. parts];
        var fresh = new List<FoldPart>(parts.Count);
        foreach (var part in parts)
        {
            var unseen = part.Detections.Where(detection => !state.Seen.Covers(part.Fingerprint, detection)).ToList();
            if (unseen.Count > 0)
                fresh.Add(part with { Detections = unseen });
        }
        return fresh;
    }

    /// <summary>Senders say that something is over. The quiet time begins only now, as it may come back as soon as it went.</summary>
    static IncidentState Release(IncidentState state, List<FoldPart> fresh, long now)
    {
        var holds = Holds.With(state.Holds, fresh);
        return ReferenceEquals(holds, state.Holds) ? state : state with { Holds = holds, Seen = state.Seen.With(fresh), LastObservedAt = now };
    }

    static string WhyOver(IncidentState state) => state switch
    {
        { Holds.Count: > 0 } => "its sender has not repeated it",
        { Incident.Kind: DetectionKind.External } => "its sender says that it is over",
        _ => "nothing was strange any more",
    };

    // Where ticks are minutes apart, half a minute without one says nothing.
    static double QuietMs(IncidentState state, long now, AlertingOptions options) =>
        FlapDamping.QuietMs(Math.Max(options.ResolveAfterSeconds * 1000.0, QuietSteps * state.StepMs), FlapDamping.Within(state.Endings, now), options);

    static IncidentState Open(DetectionFold fold, FoldPart first, long now)
    {
        var detection = first.Detections.First(each => !each.Ongoing);
        var isStorm = fold.Lead != first.Fingerprint && first.Why == Folding.Storm;
        return new IncidentState
        {
            Incident = Folding.First(fold, detection, isStorm, now),
            Seen = SeenFingerprints.None,
            LastObservedAt = now,
            StepMs = detection.StepMs,
            LastPublishedAt = now,
            Pending = new Pending(true, [new Notice(NotificationKind.Opened, 1, [])]),
        };
    }

    static IncidentState Reopen(IncidentState state, long now)
    {
        var endings = FlapDamping.Within(state.Endings, now);
        var reopened = state.Incident with
        {
            Status = state.Incident.AcknowledgedAt is null ? IncidentStatus.Open : IncidentStatus.Acknowledged,
            ResolvedAt = null,
            Reopened = state.Incident.Reopened + 1,
            Flapping = FlapDamping.IsFlapping(endings),
        };
        return (state with { Endings = endings }).Publish(reopened.Note(now, TimelineKind.Reopened, "it came back"), now, NotificationKind.Opened);
    }

    static IncidentState Continue(IncidentState state, List<FoldPart> fresh, List<FoldPart> telling, long now, AlertingOptions options)
    {
        var before = state.Incident;
        var incident = before;
        foreach (var part in telling)
            incident = Folding.Fold(incident, part, isNew: !state.Seen.Knows(part.Fingerprint), state.Intervention, now);
        state = state with
        {
            Seen = state.Seen.With(fresh),
            Holds = Holds.With(state.Holds, fresh),
            LastObservedAt = now,
            StepMs = fresh.Max(part => part.Detections[^1].StepMs),
        };
        incident = Folding.Count(incident, Math.Max(0, state.Seen.Count - 1));
        if (before.Count == 0)
            return state with { Incident = incident };
        if (incident.Severity > before.Severity)
            return state.Publish(incident.Note(now, TimelineKind.Worsened, $"now {Folding.Word(incident.Severity)}: {incident.Summary}"), now, NotificationKind.Worsened);
        if (incident.Prediction?.Outcome != before.Prediction?.Outcome)
            return state.Publish(incident, now, incident.Prediction!.Outcome == PredictionOutcome.Pending ? NotificationKind.Updated : NotificationKind.Settled);
        return now - state.LastPublishedAt >= options.UpdateEverySeconds * 1000L
            ? state.Publish(incident, now, NotificationKind.Updated)
            : state with { Incident = incident };
    }

    static IncidentState Settle(IncidentState state, List<FoldPart> telling, long now)
    {
        var incident = state.Incident;
        foreach (var detection in telling.SelectMany(part => part.Detections))
        {
            if (incident.Prediction is { Outcome: PredictionOutcome.Pending })
                incident = PredictionLife.Observe(incident, detection, state.Intervention, now);
        }
        return ReferenceEquals(incident, state.Incident) ? state : (state with { Seen = state.Seen.With(telling) }).Publish(incident, now, NotificationKind.Updated);
    }
}
