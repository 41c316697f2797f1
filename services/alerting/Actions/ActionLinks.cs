using Forewarn.Alerting.Notifications;
using Forewarn.Contracts;

namespace Forewarn.Alerting.Actions;

/// <summary>The links of a notification. They open a page, which asks before it does anything.</summary>
sealed class ActionLinks(SigningKey key, AlertingOptions options, IEnumerable<IActionDoer> doers)
{
    const long DayMs = 86_400_000;

    readonly bool _offersAll = doers.Any();

    /// <summary>The same for every attempt at a notification.</summary>
    public async ValueTask<IReadOnlyList<ActionLink>> OfAsync(Notification notification, CancellationToken cancellationToken)
    {
        var secret = await key.GetAsync(cancellationToken);
        var expires = notification.At + options.LinkDays * DayMs;
        return [.. Offered(notification).Select(action => new ActionLink(
            action, LabelOf(action), $"{options.PublicUrl}/act/{new ActionToken(notification.Incident.Id, action, expires).Sign(secret)}"))];
    }

    IEnumerable<IncidentAction> Offered(Notification notification)
    {
        var isOver = notification.Kind == NotificationKind.Resolved || notification.Incident.Status == IncidentStatus.Resolved;
        if (!isOver && notification.Incident.Status != IncidentStatus.Acknowledged)
            yield return IncidentAction.Acknowledge;
        if (!isOver && _offersAll)
            yield return IncidentAction.Snooze;
        if (_offersAll)
            yield return IncidentAction.FalseAlarm;
    }

    static string LabelOf(IncidentAction action) => action switch
    {
        IncidentAction.Acknowledge => "Acknowledge",
        IncidentAction.Snooze => "Snooze 1 h",
        _ => "False alarm",
    };
}

/// <param name="Label">For a button.</param>
sealed record ActionLink(IncidentAction Action, string Label, string Url);
