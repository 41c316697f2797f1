namespace Forewarn.Predictor;

static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "model {Version} scores from now on (trained on {TrainedOn}, {Rows} rows)", EventName = "predictor.model.swapped")]
    public static partial void ModelSwapped(ILogger logger, string version, string trainedOn, int rows);

    [LoggerMessage(2, LogLevel.Error, "model {Version} cannot be used, the one before stays: {Reason}", EventName = "predictor.model.refused")]
    public static partial void ModelRefused(ILogger logger, string version, string reason);

    [LoggerMessage(3, LogLevel.Debug, "the trainer was not reached for a model: {Reason}", EventName = "predictor.model.unreachable")]
    public static partial void ModelUnreachable(ILogger logger, string reason);

    [LoggerMessage(8, LogLevel.Warning, "the files of model {Version} cannot be read, the one before stays; trying again: {Reason}", EventName = "predictor.model.missing")]
    public static partial void ModelMissing(ILogger logger, string version, string reason);

    [LoggerMessage(4, LogLevel.Information, "{Entity}: {Summary}", EventName = "predictor.decision.opened")]
    public static partial void Opened(ILogger logger, string entity, string summary);

    [LoggerMessage(5, LogLevel.Information, "model {Version} is compared with {Champion}, silently", EventName = "predictor.challenger.taken")]
    public static partial void ChallengerTaken(ILogger logger, string version, string champion);

    [LoggerMessage(6, LogLevel.Warning, "challenger {Version} cannot be compared, the champion goes on alone: {Reason}", EventName = "predictor.challenger.refused")]
    public static partial void ChallengerRefused(ILogger logger, string version, string reason);

    [LoggerMessage(7, LogLevel.Debug, "a report on the models was not published, the next one includes it: {Reason}", EventName = "predictor.report.failed")]
    public static partial void ReportFailed(ILogger logger, string reason);

    [LoggerMessage(9, LogLevel.Information, "model {Version} judges the {Entities} entities of group {Group} jointly from now on", EventName = "predictor.group.taken")]
    public static partial void GroupModelTaken(ILogger logger, string version, string group, int entities);

    [LoggerMessage(10, LogLevel.Error, "group model {Version} failed on rows, the model of everybody decides on them: {Reason}", EventName = "predictor.group.failed")]
    public static partial void GroupModelFailed(ILogger logger, string version, string reason);

    [LoggerMessage(11, LogLevel.Information, "false-alarm budgets: {Shares} shares, {Entities} entities by name", EventName = "predictor.budgets.taken")]
    public static partial void BudgetsTaken(ILogger logger, int shares, int entities);

    [LoggerMessage(12, LogLevel.Information, "no false-alarm budgets any more, {PerWeek} a week and entity from here on", EventName = "predictor.budgets.gone")]
    public static partial void BudgetsGone(ILogger logger, double perWeek);

    [LoggerMessage(13, LogLevel.Debug, "alerting was not reached for budgets, those in use go on: {Reason}", EventName = "predictor.budgets.unreachable")]
    public static partial void BudgetsUnreachable(ILogger logger, string reason);
}
