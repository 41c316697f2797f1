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

    [LoggerMessage(30, LogLevel.Information, "configuration {File} holds now: {Receivers} receivers, {Routes} routes, {Budgets} budgets", EventName = "alerting.config.loaded")]
    public static partial void ConfigLoaded(ILogger logger, string file, int receivers, int routes, int budgets);

    [LoggerMessage(31, LogLevel.Error, "configuration {File} cannot be used, and what was read before still holds; mend these mistakes: {Mistakes}", EventName = "alerting.config.refused")]
    public static partial void ConfigRefused(ILogger logger, string file, string mistakes);

    [LoggerMessage(32, LogLevel.Warning, "{Warning}", EventName = "alerting.config.binding_missing")]
    public static partial void BindingMissing(ILogger logger, string warning);

    [LoggerMessage(33, LogLevel.Debug, "the sidecar does not list its components yet: {Reason}", EventName = "alerting.config.bindings_unknown")]
    public static partial void BindingsNotChecked(ILogger logger, string reason);

    [LoggerMessage(34, LogLevel.Warning, "the limit of route {Route} could not be asked and is left aside this time: {Reason}", EventName = "alerting.limit.failed")]
    public static partial void LimitNotAsked(ILogger logger, string route, string reason);

    [LoggerMessage(35, LogLevel.Debug, "silences could not be read; those known before hold: {Reason}", EventName = "alerting.silences.unread")]
    public static partial void SilencesNotRead(ILogger logger, string reason);

    [LoggerMessage(36, LogLevel.Debug, "other replicas were not told of changed silences and find them within seconds: {Reason}", EventName = "alerting.silences.unannounced")]
    public static partial void SilencesNotAnnounced(ILogger logger, string reason);

    [LoggerMessage(37, LogLevel.Warning, "the trainer does not know yet what maintenance {Silence} leaves out, and is told again: {Reason}", EventName = "alerting.maintenance.untold")]
    public static partial void MaintenanceNotTold(ILogger logger, string silence, string reason);

    [LoggerMessage(38, LogLevel.Warning, "entities could not be counted; budgets stay shared as before: {Reason}", EventName = "alerting.budgets.uncounted")]
    public static partial void BudgetsNotCounted(ILogger logger, string reason);
}
