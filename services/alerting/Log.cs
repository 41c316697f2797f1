namespace Forewarn.Alerting;

/// <summary>Everything this service says in its log.</summary>
static partial class Log
{
    [LoggerMessage(1, LogLevel.Debug, "actors do not answer yet: {Reason}", EventName = "alerting.actors.waiting")]
    public static partial void ActorsNotThereYet(ILogger logger, string reason);

    [LoggerMessage(20, LogLevel.Information, "configuration {File} holds now: {Receivers} receivers, {Routes} routes, {Budgets} budgets", EventName = "alerting.config.loaded")]
    public static partial void ConfigLoaded(ILogger logger, string file, int receivers, int routes, int budgets);

    [LoggerMessage(21, LogLevel.Error, "configuration {File} cannot be used, and what was read before still holds; mend these mistakes: {Mistakes}", EventName = "alerting.config.refused")]
    public static partial void ConfigRefused(ILogger logger, string file, string mistakes);

    [LoggerMessage(22, LogLevel.Warning, "{Warning}", EventName = "alerting.config.binding_missing")]
    public static partial void BindingMissing(ILogger logger, string warning);

    [LoggerMessage(23, LogLevel.Debug, "the sidecar does not list its components yet: {Reason}", EventName = "alerting.config.bindings_unknown")]
    public static partial void BindingsNotChecked(ILogger logger, string reason);

    [LoggerMessage(24, LogLevel.Warning, "the limit of route {Route} could not be asked and is left aside this time: {Reason}", EventName = "alerting.limit.failed")]
    public static partial void LimitNotAsked(ILogger logger, string route, string reason);

    [LoggerMessage(25, LogLevel.Debug, "silences could not be read; those known before hold: {Reason}", EventName = "alerting.silences.unread")]
    public static partial void SilencesNotRead(ILogger logger, string reason);

    [LoggerMessage(26, LogLevel.Debug, "other replicas were not told of changed silences and find them within seconds: {Reason}", EventName = "alerting.silences.unannounced")]
    public static partial void SilencesNotAnnounced(ILogger logger, string reason);

    [LoggerMessage(27, LogLevel.Warning, "the trainer does not know yet what maintenance {Silence} leaves out, and is told again: {Reason}", EventName = "alerting.maintenance.untold")]
    public static partial void MaintenanceNotTold(ILogger logger, string silence, string reason);

    [LoggerMessage(28, LogLevel.Warning, "entities could not be counted; budgets stay shared as before: {Reason}", EventName = "alerting.budgets.uncounted")]
    public static partial void BudgetsNotCounted(ILogger logger, string reason);
}
