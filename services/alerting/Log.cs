namespace Forewarn.Alerting;

/// <summary>Everything this service says in its log.</summary>
static partial class Log
{
    [LoggerMessage(1, LogLevel.Debug, "actors do not answer yet: {Reason}", EventName = "alerting.actors.waiting")]
    public static partial void ActorsNotThereYet(ILogger logger, string reason);

    [LoggerMessage(20, LogLevel.Warning, "notification {Notification} to {Receiver} by {Channel} has not left and is tried again: {Reason}", EventName = "alerting.notification.failed")]
    public static partial void NotDelivered(ILogger logger, string notification, string receiver, string channel, string reason);

    [LoggerMessage(21, LogLevel.Error, "channel {Channel} broke on notification {Notification}; this is a mistake of ours, please report it", EventName = "alerting.channel.broke")]
    public static partial void ChannelBroke(ILogger logger, string channel, string notification, Exception mistake);

    [LoggerMessage(22, LogLevel.Warning, "receiver {Receiver} has no channel for incident {Incident}: it is not configured, or was taken out meanwhile", EventName = "alerting.receiver.unknown")]
    public static partial void NobodyToTell(ILogger logger, string receiver, string incident);

    [LoggerMessage(23, LogLevel.Debug, "queue {Queue} does not answer, its reminder comes back to it: {Reason}", EventName = "alerting.queue.away")]
    public static partial void QueueDoesNotAnswer(ILogger logger, string queue, string reason);

    [LoggerMessage(24, LogLevel.Debug, "incident {Incident} has not heard of notification {Notification} yet: {Reason}", EventName = "alerting.outcome.untold")]
    public static partial void OutcomeNotTold(ILogger logger, string incident, string notification, string reason);

    [LoggerMessage(25, LogLevel.Debug, "no trend for incident {Incident}: {Reason}", EventName = "alerting.trend.missing")]
    public static partial void NoTrend(ILogger logger, string incident, string reason);
}
