using Forewarn.Alerting.Routing;
using Forewarn.Contracts;

namespace Forewarn.Alerting.Notifications;

/// <summary>
/// Goes the whole way of a notification but the last step, before the first one comes: through queue, store, pump, lane and back.
/// What it costs to do that for the first time is then paid.
/// </summary>
sealed class Rehearsal(AlertingOptions options) : INotificationChannel
{
    public static readonly Receiver Receiver = new("(rehearsal)", [new RehearsalTarget()]);

    public string Name => "rehearsal";

    public static Notification NotificationOf(IncidentEvent incident, long now) => new()
    {
        Id = Notification.IdOf(incident.Id, Receiver.Name, NotificationKind.Opened, now),
        Receiver = Receiver.Name,
        Kind = NotificationKind.Opened,
        Incident = incident with { Status = IncidentStatus.Resolved },
        At = now,
    };

    public bool Takes(Target target, NotificationKind kind) => true;

    public string LaneOf(Target target) => Name;

    public Task<string?> SendAsync(Delivery delivery, CancellationToken cancellationToken)
    {
        _ = ConsoleText.Of(delivery.Notification, options.PublicUrl);
        return Task.FromResult<string?>(null);
    }

    sealed record RehearsalTarget : Target
    {
        public override string Channel => "rehearsal";
    }
}
