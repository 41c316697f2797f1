using System.Diagnostics;
using Forewarn.Contracts;

namespace Forewarn.Alerting.Notifications;

/// <summary>Tells every channel. A channel that fails is retried with the whole delivery, so the others may hear it twice.</summary>
sealed class Notifier(IEnumerable<INotificationChannel> channels, Telemetry telemetry, TimeProvider time)
{
    public async Task NotifyAsync(IncidentEvent incident, NotificationKind kind)
    {
        foreach (var channel in channels)
        {
            await channel.SendAsync(incident, kind);
            telemetry.Notifications.Add(1, new TagList { { "channel", channel.Name }, { "kind", kind.ToString() } });
        }
        if (kind == NotificationKind.Opened && incident.Stamps.Received > 0)
            telemetry.Latency.Record((time.GetUtcNow().ToUnixTimeMilliseconds() - incident.Stamps.Received) / 1000.0);
    }
}
