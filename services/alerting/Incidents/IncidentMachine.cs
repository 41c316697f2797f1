using Forewarn.Alerting.Notifications;
using Forewarn.Contracts;

namespace Forewarn.Alerting.Incidents;

/// <summary>
/// The life of an incident as pure functions: <c>(state, what happened, now) → state</c>. What must leave the process is
/// in <see cref="IncidentState.Pending"/>. A function that changes nothing returns the same instance.
/// </summary>
public static class IncidentMachine
{
    const double QuietSteps = 2.5;

    /// <summary>What only goes on continues an incident and neither opens nor reopens one.</summary>
    public static bool Concerns(IncidentState? state, Detection detection) =>
        !detection.Ongoing || (state is not null && state.Incident.Status != IncidentStatus.Resolved);

    /// <summary>A detection opens, continues or reopens; a repeat of an older one changes nothing.</summary>
    public static IncidentState Observe(IncidentState? state, Detection detection, long now, AlertingOptions options)
    {
        if (state is not null && detection.T <= state.LastDetectionT)
            return state;
        if (state is null || IsOver(state, now, options))
            return Open(detection, now);
        return state.Incident.Status == IncidentStatus.Resolved ? Reopen(state, detection, now) : Continue(state, detection, now, options);
    }

    /// <summary>Time passed: an incident without detections for long enough ends.</summary>
    public static IncidentState Elapse(IncidentState state, long now, AlertingOptions options)
    {
        if (state.Incident.Status == IncidentStatus.Resolved || now - state.LastObservedAt < QuietMs(state, options))
            return state;
        return Publish(state, state.Incident with { Status = IncidentStatus.Resolved, ResolvedAt = now }, now, NotificationKind.Resolved);
    }

    // Where ticks are minutes apart, half a minute without one says nothing.
    static double QuietMs(IncidentState state, AlertingOptions options) => Math.Max(options.ResolveAfterSeconds * 1000.0, QuietSteps * state.StepMs);

    /// <summary>Somebody has taken it on.</summary>
    public static IncidentState Acknowledge(IncidentState state, long now) => state.Incident.Status == IncidentStatus.Open
        ? Publish(state, state.Incident with { Status = IncidentStatus.Acknowledged, AcknowledgedAt = now }, now, NotificationKind.None)
        : state;

    /// <summary>What was pending has left.</summary>
    public static IncidentState Delivered(IncidentState state) => state with { Pending = Pending.None };

    static bool IsOver(IncidentState state, long now, AlertingOptions options) =>
        state.Incident is { Status: IncidentStatus.Resolved, ResolvedAt: { } end } && now - end > options.ReopenWithinSeconds * 1000L;

    static IncidentState Open(Detection detection, long now)
    {
        var fingerprint = Fingerprint.Of(detection);
        return new IncidentState
        {
            Incident = new IncidentEvent
            {
                Id = Fingerprint.IncidentId(fingerprint, detection.Since),
                Revision = 1,
                Fingerprint = fingerprint,
                Entity = detection.Entity,
                Kind = detection.Kind,
                Status = IncidentStatus.Open,
                Severity = Severity.Of(detection),
                Summary = detection.Summary,
                StartedAt = detection.Since,
                OpenedAt = now,
                UpdatedAt = now,
                Count = 1,
                P = detection.P,
                Extrapolated = detection.Extrapolated,
                Score = detection.Score,
                Contributors = detection.Contributors,
                Forecast = detection.Forecast,
                Model = detection.Model,
                Features = detection.Features,
                Stamps = detection.Stamps,
            },
            LastDetectionT = detection.T,
            LastObservedAt = now,
            StepMs = detection.StepMs,
            LastPublishedAt = now,
            Pending = new Pending(true, NotificationKind.Opened),
        };
    }

    static IncidentState Reopen(IncidentState state, Detection detection, long now)
    {
        var reopened = state.Incident with
        {
            Status = state.Incident.AcknowledgedAt is null ? IncidentStatus.Open : IncidentStatus.Acknowledged,
            ResolvedAt = null,
        };
        return Publish(Seen(state, detection, now), Fold(reopened, detection, now), now, NotificationKind.None);
    }

    static IncidentState Continue(IncidentState state, Detection detection, long now, AlertingOptions options)
    {
        var folded = Fold(state.Incident, detection, now);
        var seen = Seen(state, detection, now);
        var due = now - state.LastPublishedAt >= options.UpdateEverySeconds * 1000L;
        return due || folded.Severity > state.Incident.Severity
            ? Publish(seen, folded, now, NotificationKind.None)
            : seen with { Incident = folded };
    }

    static IncidentState Seen(IncidentState state, Detection detection, long now) =>
        state with { LastDetectionT = detection.T, LastObservedAt = now, StepMs = detection.StepMs };

    /// <summary>
    /// The worst moment gives the incident its words, of those that tell of a limit ahead or of those that tell of strangeness, as it
    /// began; severity never falls while it is open.
    /// </summary>
    static IncidentEvent Fold(IncidentEvent incident, Detection detection, long now)
    {
        var severity = Severity.Of(detection);
        var counted = incident with
        {
            Count = incident.Count + 1,
            UpdatedAt = now,
            Severity = severity > incident.Severity ? severity : incident.Severity,
            Forecast = detection.Forecast ?? incident.Forecast,
        };
        var isAlike = (detection.Kind == DetectionKind.PredictedBreach) == (incident.Kind == DetectionKind.PredictedBreach);
        return isAlike && detection.Score > incident.Score
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

    static IncidentState Publish(IncidentState state, IncidentEvent incident, long now, NotificationKind notify)
    {
        // An opening that has not been told yet is not forgotten because something else happened meanwhile.
        var kind = state.Pending.Notify == NotificationKind.Opened && notify == NotificationKind.None ? NotificationKind.Opened : notify;
        return state with
        {
            Incident = incident with { Revision = incident.Revision + 1, UpdatedAt = now },
            LastPublishedAt = now,
            Pending = new Pending(true, kind),
        };
    }
}
