using Forewarn.Alerting.Notifications;
using Forewarn.Contracts;

namespace Forewarn.Alerting.Incidents;

/// <summary>What people do to an incident.</summary>
public enum IncidentActionKind
{
    Acknowledge,
    Assign,
    Comment,
    Resolve,

    /// <summary>Nobody is told for a while.</summary>
    Snooze,

    /// <summary>Something was changed on purpose on its entity.</summary>
    Change,
}

/// <param name="Incident">Id of the occurrence; null = whichever is there.</param>
/// <param name="Who">The person; null = unknown.</param>
/// <param name="Text">Comment, reason, or the assignee.</param>
/// <param name="At">When it was done, or until when it is snoozed, unix milliseconds.</param>
public sealed record IncidentAction(IncidentActionKind Kind, string? Incident, string? Who, string? Text, long? At);

/// <summary>What people do to an incident, as pure functions. A function that changes nothing returns the same instance.</summary>
public static class IncidentActions
{
    /// <summary>Why it cannot be done; null when it can.</summary>
    public static string? WhyNot(IncidentState? state, IncidentAction action)
    {
        ArgumentNullException.ThrowIfNull(action);
        if (state is null || (action.Incident is { } id && state.Incident.Id != id))
            return "There is no such incident, or a newer one has taken its place.";
        // What was said of an incident may be said when it is over, too.
        return state.Incident.Status == IncidentStatus.Resolved && action.Kind is not IncidentActionKind.Comment ? "It is over." : null;
    }

    public static IncidentState Apply(IncidentState state, IncidentAction action, long now)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(action);
        return action.Kind switch
        {
            IncidentActionKind.Acknowledge => Acknowledge(state, action, now),
            IncidentActionKind.Assign => Assign(state, action, now),
            IncidentActionKind.Comment => state.Publish(state.Incident.Note(now, TimelineKind.Commented, action.Text ?? "", action.Who), now, NotificationKind.Updated),
            IncidentActionKind.Resolve => Resolve(state, action, now),
            IncidentActionKind.Snooze => Snooze(state, action, now),
            IncidentActionKind.Change => Change(state, action, now),
            _ => state,
        };
    }

    static IncidentState Acknowledge(IncidentState state, IncidentAction action, long now)
    {
        if (state.Incident.Status != IncidentStatus.Open)
            return state;
        var incident = state.Incident with { Status = IncidentStatus.Acknowledged, AcknowledgedAt = now, Assignee = state.Incident.Assignee ?? action.Who };
        return (state with
        {
            Escalation = [],
            Intervention = PredictionLife.Intervene(state.Incident, state.Intervention, $"acknowledged{By(action)}", now),
        }).Publish(incident.Note(now, TimelineKind.Acknowledged, action.Text ?? "somebody looks after it", action.Who), now, NotificationKind.Updated);
    }

    static IncidentState Assign(IncidentState state, IncidentAction action, long now)
    {
        if (state.Incident.Assignee == action.Text)
            return state;
        var text = action.Text is null ? "nobody any more" : $"to {action.Text}";
        return state.Publish((state.Incident with { Assignee = action.Text }).Note(now, TimelineKind.Assigned, text, action.Who), now, NotificationKind.Updated);
    }

    static IncidentState Resolve(IncidentState state, IncidentAction action, long now)
    {
        if (state.Incident.Status == IncidentStatus.Resolved)
            return state;
        var who = action.Who ?? "somebody";
        var intervened = state with { Intervention = PredictionLife.Intervene(state.Incident, state.Intervention, $"resolved by {who}", now) };
        return IncidentMachine.End(intervened, now, action.Text ?? "said to be over", who);
    }

    static IncidentState Snooze(IncidentState state, IncidentAction action, long now)
    {
        var until = action.At ?? now;
        if (until <= now || state.SnoozedUntil >= until)
            return state;
        var text = $"nobody is told until {DateTimeOffset.FromUnixTimeMilliseconds(until):yyyy-MM-dd HH:mm} UTC";
        return (state with { SnoozedUntil = until }).Publish(state.Incident.Note(now, TimelineKind.Muted, text, action.Who), now, NotificationKind.Updated);
    }

    static IncidentState Change(IncidentState state, IncidentAction action, long now)
    {
        var at = action.At ?? now;
        return (state with { Intervention = PredictionLife.Intervene(state.Incident, state.Intervention, $"{action.Text}{By(action)}", at) })
            .Publish(state.Incident.Note(at, TimelineKind.Changed, action.Text ?? "", action.Who), now, NotificationKind.Updated);
    }

    static string By(IncidentAction action) => action.Who is null ? "" : $" by {action.Who}";
}
