using Forewarn.Alerting.Notifications;
using Forewarn.Contracts;

namespace Forewarn.Alerting.Actions;

/// <summary>The links of a notification. They open a page, which asks before it does anything.</summary>
sealed class ActionLinks(SigningKey key, AlertingOptions options)
{
    const long DayMs = 86_400_000;

    /// <summary>The same for every attempt at a notification.</summary>
    public async ValueTask<IReadOnlyList<ActionLink>> OfAsync(Notification notification, CancellationToken cancellationToken)
    {
        var secret = await key.GetAsync(cancellationToken);
        var expires = notification.At + options.LinkDays * DayMs;
        return [.. Offered(notification).Select(action => new ActionLink(
            action, LabelOf(action), $"{options.PublicUrl}/act/{new ActionToken(notification.Incident.Id, action, expires).Sign(secret)}"))];
    }

    static IEnumerable<LinkAction> Offered(Notification notification)
    {
        var isOver = notification.Kind == NotificationKind.Resolved || notification.Incident.Status == IncidentStatus.Resolved;
        if (!isOver && notification.Incident.Status != IncidentStatus.Acknowledged)
            yield return LinkAction.Acknowledge;
        if (!isOver)
            yield return LinkAction.Snooze;
        yield return LinkAction.FalseAlarm;
    }

    static string LabelOf(LinkAction action) => action switch
    {
        LinkAction.Acknowledge => "Acknowledge",
        LinkAction.Snooze => "Snooze 1 h",
        _ => "False alarm",
    };
}

/// <param name="Label">For a button.</param>
sealed record ActionLink(LinkAction Action, string Label, string Url);
