using Forewarn.Contracts;

namespace Forewarn.Alerting.Notifications;

/// <summary>Tells the standard receiver.</summary>
sealed class Notifier(INotificationOutbox outbox, TimeProvider time)
{
    public Task NotifyAsync(IncidentEvent incident, NotificationKind kind) => outbox.EnqueueAsync(
        [
            new Notification
            {
                Id = Notification.IdOf(incident.Id, StandardReceivers.Console.Name, kind, incident.Revision),
                Receiver = StandardReceivers.Console.Name,
                Kind = kind,
                Incident = incident,
                At = time.GetUtcNow().ToUnixTimeMilliseconds(),
            },
        ], CancellationToken.None);
}
