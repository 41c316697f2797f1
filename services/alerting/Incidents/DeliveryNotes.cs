using Forewarn.Alerting.Notifications;
using Forewarn.Contracts;

namespace Forewarn.Alerting.Incidents;

/// <summary>What an incident knows of its notifications, as a pure function.</summary>
static class DeliveryNotes
{
    /// <summary>The newest word of a receiver and channel replaces the one before; the first that was taken stamps the incident.</summary>
    public static IncidentState Take(IncidentState state, DeliveryState delivery, long now)
    {
        var incident = state.Incident;
        var others = incident.Deliveries.Where(known => known.Receiver != delivery.Receiver || known.Channel != delivery.Channel).ToList();
        var known = incident.Deliveries.Except(others).FirstOrDefault();
        if (known == delivery || known?.At > delivery.At)
            return state;
        var isFirst = delivery.Status == DeliveryStatus.Sent && incident.Stamps.Notified == 0;
        incident = incident with
        {
            Deliveries = [.. others.Append(delivery).OrderBy(each => each.Receiver, StringComparer.Ordinal).ThenBy(each => each.Channel, StringComparer.Ordinal)],
            Stamps = isFirst ? incident.Stamps with { Notified = delivery.At } : incident.Stamps,
        };
        incident = delivery.Status switch
        {
            DeliveryStatus.Sent when isFirst => incident.Note(delivery.At, TimelineKind.Notified, $"{delivery.Receiver} by {delivery.Channel}"),
            DeliveryStatus.Failed => incident.Note(delivery.At, TimelineKind.NotDelivered, $"{delivery.Receiver} by {delivery.Channel}: {delivery.Error}"),
            _ => incident,
        };
        return state.Publish(incident, now, NotificationKind.None);
    }
}
