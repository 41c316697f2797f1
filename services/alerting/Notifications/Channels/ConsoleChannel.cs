using Forewarn.Alerting.Routing;

namespace Forewarn.Alerting.Notifications;

/// <summary>Standard output of this service, which <c>./forewarn</c> shows in colour.</summary>
sealed class ConsoleChannel(TextWriter output, AlertingOptions options) : INotificationChannel
{
    /// <summary>A notification is several lines, and those of two must not mix.</summary>
    readonly TextWriter _output = TextWriter.Synchronized(output);

    public string Name => "console";

    public bool Takes(Target target, NotificationKind kind) => kind is not (NotificationKind.None or NotificationKind.Updated);

    public string LaneOf(Target target) => Name;

    public async Task<string?> SendAsync(Delivery delivery, CancellationToken cancellationToken)
    {
        await _output.WriteLineAsync(ConsoleText.Of(delivery.Notification, options.PublicUrl));
        await _output.FlushAsync(cancellationToken);
        return null;
    }
}
