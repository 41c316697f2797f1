namespace Forewarn.Alerting;

/// <summary>Everything this service says in its log.</summary>
static partial class Log
{
    [LoggerMessage(1, LogLevel.Debug, "actors do not answer yet: {Reason}", EventName = "alerting.actors.waiting")]
    public static partial void ActorsNotThereYet(ILogger logger, string reason);

    [LoggerMessage(40, LogLevel.Information, "configuration {File} holds now: {Receivers} receivers, {Routes} routes, {Budgets} budgets", EventName = "alerting.config.loaded")]
    public static partial void ConfigLoaded(ILogger logger, string file, int receivers, int routes, int budgets);

    [LoggerMessage(41, LogLevel.Error, "configuration {File} cannot be used, and what was read before still holds; mend these mistakes: {Mistakes}", EventName = "alerting.config.refused")]
    public static partial void ConfigRefused(ILogger logger, string file, string mistakes);

    [LoggerMessage(42, LogLevel.Warning, "{Warning}", EventName = "alerting.config.binding_missing")]
    public static partial void BindingMissing(ILogger logger, string warning);

    [LoggerMessage(43, LogLevel.Debug, "the sidecar does not list its components yet: {Reason}", EventName = "alerting.config.bindings_unknown")]
    public static partial void BindingsNotChecked(ILogger logger, string reason);

    [LoggerMessage(44, LogLevel.Warning, "the limit of route {Route} could not be asked and is left aside this time: {Reason}", EventName = "alerting.limit.failed")]
    public static partial void LimitNotAsked(ILogger logger, string route, string reason);

    [LoggerMessage(45, LogLevel.Debug, "silences could not be read; those known before hold: {Reason}", EventName = "alerting.silences.unread")]
    public static partial void SilencesNotRead(ILogger logger, string reason);

    [LoggerMessage(46, LogLevel.Debug, "other replicas were not told of changed silences and find them within seconds: {Reason}", EventName = "alerting.silences.unannounced")]
    public static partial void SilencesNotAnnounced(ILogger logger, string reason);

    [LoggerMessage(47, LogLevel.Warning, "the trainer does not know yet what maintenance {Silence} leaves out, and is told again: {Reason}", EventName = "alerting.maintenance.untold")]
    public static partial void MaintenanceNotTold(ILogger logger, string silence, string reason);

    [LoggerMessage(48, LogLevel.Warning, "entities could not be counted; budgets stay shared as before: {Reason}", EventName = "alerting.budgets.uncounted")]
    public static partial void BudgetsNotCounted(ILogger logger, string reason);
}
