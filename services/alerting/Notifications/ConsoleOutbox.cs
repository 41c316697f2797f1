namespace Forewarn.Alerting.Notifications;

/// <summary>Tells the console at once.</summary>
sealed class ConsoleOutbox(Notifier notifier) : INotificationOutbox
{
    public async Task EnqueueAsync(IReadOnlyList<Notification> notifications, CancellationToken cancellationToken)
    {
        foreach (var notification in notifications)
            await notifier.NotifyAsync(notification.Incident, notification.Kind);
    }
}
