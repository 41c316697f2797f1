using System.Globalization;
using Forewarn.Alerting.Routing;
using Forewarn.Contracts;

namespace Forewarn.Alerting.Notifications;

/// <summary>Sends a notification that says of itself that it is a test, by the way that a real one takes.</summary>
sealed class TestAlerts(AlertConfigSource config, INotificationOutbox outbox, TestReports reports, TimeProvider time)
{
    public const string Entity = "forewarn/test";

    /// <param name="subject"><c>route ops</c>: what is tested, in the message.</param>
    /// <param name="receivers">Names that the configuration has.</param>
    public async Task<AlertTest> SendAsync(string subject, IReadOnlyList<string> receivers, CancellationToken cancellationToken)
    {
        var incident = Incident(subject, time.GetUtcNow().ToUnixTimeMilliseconds());
        var notifications = receivers.Select(receiver => new Notification
        {
            Id = Notification.IdOf(incident.Id, receiver, NotificationKind.Opened, incident.Revision),
            Receiver = receiver,
            Kind = NotificationKind.Opened,
            Incident = incident,
            At = incident.OpenedAt,
        }).ToList();
        var test = new AlertTest
        {
            Incident = incident.Id,
            Notifications =
            [
                .. notifications.Select(notification => new TestedReceiver(
                    notification.Receiver, notification.Id, [.. config.Current.Config.FindReceiver(notification.Receiver)?.Targets.Select(target => target.Channel) ?? []])),
            ],
        };
        await reports.KeepAsync(test, cancellationToken);
        await outbox.EnqueueAsync(notifications, cancellationToken);
        return test;
    }

    static IncidentEvent Incident(string subject, long now) => new()
    {
        Id = string.Create(CultureInfo.InvariantCulture, $"{TestReports.IdPrefix}{ContentHash.Of($"{subject}\n{Guid.NewGuid():N}")}"),
        Revision = 1,
        Fingerprint = "test",
        Entity = Entity,
        Entities = [Entity],
        Kind = DetectionKind.DataQuality,
        Status = IncidentStatus.Open,
        Severity = IncidentSeverity.Info,
        Summary = $"This is a test of {subject}. Nothing has happened.",
        StartedAt = now,
        OpenedAt = now,
        UpdatedAt = now,
        Count = 1,
    };
}
