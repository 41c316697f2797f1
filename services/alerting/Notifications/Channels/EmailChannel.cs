using System.Text;
using Dapr.Client;
using Forewarn.Alerting.Actions;
using Forewarn.Alerting.Routing;
using Forewarn.Contracts;

namespace Forewarn.Alerting.Notifications;

/// <summary>
/// Mail through <c>bindings.smtp</c>, which sends one HTML body and no headers of ours. Mails of one incident have one subject, kept as
/// the mark, so that clients show them as one conversation.
/// </summary>
sealed class EmailChannel(Bindings bindings, HistoryTrends trends, ActionLinks links, AlertingOptions options) : INotificationChannel
{
    const int TrendPoints = 60;
    const int MostSubject = 120;

    public string Name => "email";

    public bool Takes(Target target, NotificationKind kind) => kind is not (NotificationKind.None or NotificationKind.Updated);

    public string LaneOf(Target target) => ((EmailTarget)target).Binding;

    public async Task<string?> SendAsync(Delivery delivery, CancellationToken cancellationToken)
    {
        var target = (EmailTarget)delivery.Target;
        var notification = delivery.Notification;
        var subject = delivery.Mark ?? SubjectOf(notification.Incident);
        var trend = await trends.FindAsync(notification.Incident, TrendPoints, cancellationToken);
        var html = EmailHtml.Of(notification, Explanation.Of(notification, options.PublicUrl), trend, await links.OfAsync(notification, cancellationToken));
        await bindings.InvokeAsync(Request(target, subject, html, notification.Incident.Severity), cancellationToken);
        return subject;
    }

    /// <summary>
    /// Dapr keeps what a call sets and takes it for whatever the next one leaves empty, so a copy would go to those of the mail before.
    /// Every field is set; one without an address repeats the first recipient, whom mail servers serve once.
    /// </summary>
    static BindingRequest Request(EmailTarget target, string subject, string html, IncidentSeverity severity)
    {
        // Raw bytes: a JSON string would be shown as one where it holds an emoji.
        var request = new BindingRequest(target.Binding, "create") { Data = Encoding.UTF8.GetBytes(html) };
        request.Metadata["emailFrom"] = target.From;
        request.Metadata["emailTo"] = string.Join(';', target.To);
        request.Metadata["emailCC"] = target.Cc.Count > 0 ? string.Join(';', target.Cc) : target.To[0];
        request.Metadata["emailBCC"] = target.To[0];
        request.Metadata["subject"] = subject;
        request.Metadata["priority"] = severity == IncidentSeverity.Critical ? "1" : "3";
        return request;
    }

    /// <summary>Severity is left out, as it may change; a line break would end the header.</summary>
    static string SubjectOf(IncidentEvent incident)
    {
        var subject = $"[Forewarn] {incident.Entity}: {incident.Summary}";
        var line = new string([.. subject.Select(c => char.IsControl(c) ? ' ' : c)]);
        return $"{(line.Length <= MostSubject ? line : line[..(MostSubject - 1)] + "…")} ({incident.Id})";
    }
}
