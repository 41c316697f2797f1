using System.Text.Json;
using Forewarn.Alerting.Routing;
using Forewarn.Contracts;

namespace Forewarn.Alerting.Notifications;

/// <summary>
/// An alert in Alertmanager for as long as the incident is open. Alertmanager keeps alerts in memory and lets each end by itself, so it is
/// told again every minute: a restart of either side, or of both, costs a minute, and nothing fires for ever when we are gone.
/// </summary>
sealed class AlertmanagerChannel(Bindings bindings, AlertingOptions options, TimeProvider time) : INotificationChannel
{
    const string Path = "api/v2/alerts";

    /// <summary>An alert that is not told again ends so long after it was told.</summary>
    static readonly TimeSpan Validity = TimeSpan.FromMinutes(5);

    public string Name => "alertmanager";

    /// <summary>What is newer than the last word goes with the next.</summary>
    public bool Takes(Target target, NotificationKind kind) => kind is not (NotificationKind.None or NotificationKind.Updated);

    /// <summary>A little less than the minute by which queues look, so that every look finds it due.</summary>
    public TimeSpan? RepeatEvery { get; } = TimeSpan.FromSeconds(45);

    public string LaneOf(Target target) => ((AlertmanagerTarget)target).Binding;

    /// <returns>The labels, which are the alert's identity. Where they change, as severity does, the former alert is ended with the same call.</returns>
    public async Task<string?> SendAsync(Delivery delivery, CancellationToken cancellationToken)
    {
        var notification = delivery.Notification;
        var incident = notification.Incident;
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var former = delivery.Mark is { } mark ? JsonSerializer.Deserialize(mark, AlertmanagerJsonContext.Default.DictionaryStringString) : null;
        var labels = AlertLabels.Of(incident, former?.GetValueOrDefault(AlertNames.Label));
        var endsAt = incident.Status == IncidentStatus.Resolved ? incident.ResolvedAt ?? now : now + (long)Validity.TotalMilliseconds;
        var alert = AlertmanagerAlert.Of(notification, labels, endsAt, options.PublicUrl);
        AlertmanagerAlert[] alerts = former is null || AlertLabels.AreSame(former, labels) ? [alert] : [AlertmanagerAlert.Of(notification, former, now, options.PublicUrl), alert];
        var target = (AlertmanagerTarget)delivery.Target;
        await bindings.PostAsync(target.Binding, Path, JsonSerializer.SerializeToUtf8Bytes(alerts, AlertmanagerJsonContext.Default.AlertmanagerAlertArray), [], cancellationToken);
        return JsonSerializer.Serialize(labels, AlertmanagerJsonContext.Default.DictionaryStringString);
    }
}
