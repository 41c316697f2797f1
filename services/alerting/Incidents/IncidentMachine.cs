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
        if (state is not null && IsOver(state, now, options))
            state = null;
        var fresh = Fresh(state, fold);
        if (fresh.Count == 0)
            return state;
        if (state is null)
        {
            var first = fresh.FirstOrDefault(part => part.Detections.Any(detection => !detection.Ongoing));
            return first is null ? null : Continue(Open(fold, first, now), fresh, now, options);
        }
        if (state.Incident.Status != IncidentStatus.Resolved)
            return Continue(state, fresh, now, options);
        // A prediction that outlives its incident still hears what became of it.
        var settled = Settle(state, fresh, now);
        if (state.ClosedByPerson || fresh.TrueForAll(part => part.Detections.All(detection => detection.Ongoing)))
            return settled;
        return Continue(Reopen(settled, now), fresh, now, options);
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
        return now - state.LastObservedAt >= QuietMs(state, now, options)
            ? End(state, now, "nothing was strange any more", who: null)
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
    static List<FoldPart> Fresh(IncidentState? state, DetectionFold fold)
    {
        if (state is null)
            return [.. fold.Parts];
        var fresh = new List<FoldPart>(fold.Parts.Count);
        foreach (var part in fold.Parts)
        {
            var unseen = part.Detections.Where(detection => !state.Seen.Covers(part.Fingerprint, detection)).ToList();
            if (unseen.Count > 0)
                fresh.Add(part with { Detections = unseen });
        }
        return fresh;
    }

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

    static IncidentState Continue(IncidentState state, List<FoldPart> fresh, long now, AlertingOptions options)
    {
        var before = state.Incident;
        var incident = before;
        foreach (var part in fresh)
            incident = Folding.Fold(incident, part, isNew: !state.Seen.Knows(part.Fingerprint), state.Intervention, now);
        state = state with
        {
            Seen = state.Seen.With(fresh),
            LastObservedAt = now,
            StepMs = fresh.Max(part => part.Detections[^1].StepMs),
        };
        incident = incident with { SymptomCount = Math.Max(0, state.Seen.Count - 1) };
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

    static IncidentState Settle(IncidentState state, List<FoldPart> fresh, long now)
    {
        var incident = state.Incident;
        foreach (var detection in fresh.SelectMany(part => part.Detections))
        {
            if (incident.Prediction is { Outcome: PredictionOutcome.Pending })
                incident = PredictionLife.Observe(incident, detection, state.Intervention, now);
        }
        return ReferenceEquals(incident, state.Incident) ? state : (state with { Seen = state.Seen.With(fresh) }).Publish(incident, now, NotificationKind.Updated);
    }
}
