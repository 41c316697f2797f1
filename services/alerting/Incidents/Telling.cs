using Forewarn.Alerting.Notifications;
using Forewarn.Alerting.Routing;
using Forewarn.Contracts;

namespace Forewarn.Alerting.Incidents;

/// <summary>Who is told what, as pure functions: from what is pending to notifications, from time to escalations.</summary>
public static class Telling
{
    /// <summary>Makes notifications of what is pending.</summary>
    /// <param name="state">With pending notices.</param>
    /// <param name="plan">What the routes say of it now.</param>
    /// <param name="mutedBy">The silence over it; null = none.</param>
    /// <param name="now">Unix milliseconds.</param>
    /// <returns>The state once they are enqueued, and the notifications. Called again with the same state it gives the same ids.</returns>
    public static (IncidentState State, IReadOnlyList<Notification> Notifications) Expand(IncidentState state, RoutingPlan plan, SilenceInfo? mutedBy, long now)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(plan);
        var notifications = new List<Notification>();
        foreach (var notice in state.Pending.Notices)
            state = Expand(state, notice, plan, mutedBy, now, notifications);
        return (state with { Pending = state.Pending with { Notices = [] } }, notifications);
    }

    /// <summary>A silence that kept it back has ended and it goes on.</summary>
    public static IncidentState Unmute(IncidentState state, SilenceInfo? mutedBy, long now)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (mutedBy is not null || state.Incident.MutedBy is null || state.Incident.Status == IncidentStatus.Resolved)
            return state;
        var kind = state.HeldBack ? NotificationKind.Opened : NotificationKind.Updated;
        return (state with { HeldBack = false }).Publish((state.Incident with { MutedBy = null }).Note(now, TimelineKind.Muted, "the silence is over"), now, kind);
    }

    /// <summary>Escalations that are due, and the end of a snooze.</summary>
    internal static IncidentState Elapse(IncidentState state, long now)
    {
        if (state.SnoozedUntil is { } until)
        {
            if (now < until)
                return state;
            state = state with { SnoozedUntil = null };
            if (state.Told.Count > 0 && state.Incident.Status == IncidentStatus.Open)
                state = Escalate(state, state.Told, "still open after the snooze", now);
        }
        while (state.Incident.Status == IncidentStatus.Open && state.Escalation is [var next, ..] && next.At <= now)
            state = Escalate(state with { Escalation = [.. state.Escalation.Skip(1)] }, next.Receivers, $"nobody has acknowledged; now told: {string.Join(", ", next.Receivers)}", now);
        return state;
    }

    static IncidentState Escalate(IncidentState state, IReadOnlyList<string> receivers, string text, long now) =>
        state.Publish(state.Incident.Note(now, TimelineKind.Escalated, text), now, NotificationKind.Escalated, receivers);

    static IncidentState Expand(
        IncidentState state, Notice notice, RoutingPlan plan, SilenceInfo? mutedBy, long now, List<Notification> notifications)
    {
        var asks = notice.Kind is NotificationKind.Opened or NotificationKind.Worsened or NotificationKind.Escalated;
        if (asks && mutedBy is not null)
            return Mute(state, mutedBy, isOpening: notice.Kind == NotificationKind.Opened && state.Told.Count == 0, now);
        if (asks && state.SnoozedUntil > now)
            return state;
        // What nobody knows as open needs no end.
        IEnumerable<string> strangers = notice.Kind switch
        {
            NotificationKind.Opened or NotificationKind.Worsened => plan.Receivers.Except(state.Told, StringComparer.Ordinal),
            NotificationKind.Escalated => notice.Receivers.Except(state.Told, StringComparer.Ordinal),
            _ => [],
        };
        var again = notice.Kind switch
        {
            NotificationKind.Escalated => notice.Receivers.Intersect(state.Told, StringComparer.Ordinal),
            NotificationKind.Updated => state.Heard,
            _ => state.Told,
        };
        foreach (var receiver in strangers)
            notifications.Add(Make(state, notice, receiver, notice.Kind == NotificationKind.Worsened ? NotificationKind.Opened : notice.Kind, now));
        foreach (var receiver in again)
            notifications.Add(Make(state, notice, receiver, notice.Kind, now));
        return state with
        {
            Told = notice.Kind == NotificationKind.Resolved ? [] : [.. state.Told.Union(strangers, StringComparer.Ordinal)],
            Heard = [.. state.Heard.Union(strangers, StringComparer.Ordinal)],
            HeldBack = state.HeldBack && notice.Kind is not NotificationKind.Opened and not NotificationKind.Resolved,
            Escalation = Arms(state, notice)
                ? [.. plan.Escalation.Select(step => new DueEscalation(now + (long)step.After.TotalMilliseconds, step.Receivers)).OrderBy(step => step.At)]
                : state.Escalation,
        };
    }

    // What becomes worse after the last step begins anew, and a more severe route may have steps where there were none.
    static bool Arms(IncidentState state, Notice notice) => state.Incident.Status == IncidentStatus.Open
        && (notice.Kind == NotificationKind.Opened || (notice.Kind == NotificationKind.Worsened && state.Escalation.Count == 0));

    static IncidentState Mute(IncidentState state, SilenceInfo mutedBy, bool isOpening, long now)
    {
        var held = state with { HeldBack = state.HeldBack || isOpening };
        return state.Incident.MutedBy == mutedBy.Id
            ? held
            : held.Publish((state.Incident with { MutedBy = mutedBy.Id }).Note(now, TimelineKind.Muted, mutedBy.Reason, mutedBy.Who), now, NotificationKind.None);
    }

    static Notification Make(IncidentState state, Notice notice, string receiver, NotificationKind kind, long now) => new()
    {
        Id = Notification.IdOf(state.Incident.Id, receiver, kind, notice.Ordinal),
        Receiver = receiver,
        Kind = kind,
        Incident = state.Incident,
        At = now,
    };
}
