namespace Forewarn.Alerting.Notifications;

/// <summary>
/// Takes notifications and sees to it that they leave: at least once each, in order for one incident and receiver, with
/// back-off while a channel fails.
/// </summary>
public interface INotificationOutbox
{
    /// <summary>Returns when they are kept durably; they leave soon after. One that was taken before, by its id, is not taken again.</summary>
    /// <param name="notifications">All of one incident.</param>
    Task EnqueueAsync(IReadOnlyList<Notification> notifications, CancellationToken cancellationToken);
}
