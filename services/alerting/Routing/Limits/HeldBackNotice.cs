using System.Globalization;
using Forewarn.Alerting.Notifications;
using Forewarn.Contracts;

namespace Forewarn.Alerting.Routing;

/// <summary>The one message about all that a route has held back.</summary>
static class HeldBackNotice
{
    const int MostNamed = 3;

    /// <summary>One notification for each receiver; made again from the same window they have the same ids.</summary>
    /// <param name="now">Unix milliseconds.</param>
    public static IReadOnlyList<Notification> Of(Route route, RouteWindow window, long now)
    {
        var incident = Incident(route, window, now);
        return
        [
            .. route.Receivers.Select(receiver => new Notification
            {
                Id = Notification.IdOf(incident.Id, receiver, NotificationKind.Opened, 1),
                Receiver = receiver,
                Kind = NotificationKind.Opened,
                Incident = incident,
                At = now,
            }),
        ];
    }

    static IncidentEvent Incident(Route route, RouteWindow window, long now) => new()
    {
        Id = string.Create(CultureInfo.InvariantCulture, $"held-{ContentHash.Of(route.Name)}-{window.Summaries + 1}"),
        Revision = 1,
        Fingerprint = $"held-{ContentHash.Of(route.Name)}",
        Entity = $"forewarn/{route.Name}",
        Kind = DetectionKind.DataQuality,
        Status = IncidentStatus.Open,
        Severity = window.Held.Select(held => held.Severity).DefaultIfEmpty(IncidentSeverity.Info).Max(),
        Summary = Sentence(route, window),
        StartedAt = now,
        OpenedAt = now,
        UpdatedAt = now,
        Count = window.HeldCount,
    };

    static string Sentence(Route route, RouteWindow window)
    {
        var named = window.Held.OrderByDescending(held => held.Severity).Take(MostNamed).Select(held => $"{held.Entity}: {held.Summary}");
        var (incidents, were) = window.HeldCount == 1 ? ("incident", "was") : ("incidents", "were");
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{window.HeldCount} more {incidents} {were} held back by the limit of route {route.Name} ({RateLimitText.Format(route.Limit!)}): {string.Join("; ", named)}{(window.HeldCount > MostNamed ? "; and others, which the dashboard lists" : "")}");
    }
}
