namespace Forewarn.Alerting.Notifications;

/// <summary>The outbox as actors: a queue for each incident and receiver.</summary>
sealed class NotificationOutbox(NotificationDirectory queues) : INotificationOutbox
{
    public Task EnqueueAsync(IReadOnlyList<Notification> notifications, CancellationToken cancellationToken) => Task.WhenAll(notifications
        .GroupBy(one => NotificationDirectory.QueueOf(one.Incident.Id, one.Receiver), StringComparer.Ordinal)
        .Select(group => queues.EnqueueAsync(group.Key, new NotificationBatch([.. group]), cancellationToken)));
}
