using Forewarn.Contracts;

namespace Forewarn.Alerting.Notifications;

/// <summary>A way to reach people. Returns when the channel has taken the message.</summary>
interface INotificationChannel
{
    string Name { get; }

    Task SendAsync(IncidentEvent incident, NotificationKind kind);
}
