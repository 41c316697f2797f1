namespace Forewarn.Trainer;

static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "training {Job} ({Kind}) started", EventName = "trainer.job.started")]
    public static partial void JobStarted(ILogger logger, string job, string kind);

    [LoggerMessage(2, LogLevel.Information, "training {Job} succeeded: {Message}", EventName = "trainer.job.succeeded")]
    public static partial void JobSucceeded(ILogger logger, string job, string message);

    [LoggerMessage(3, LogLevel.Error, "training {Job} failed: {Reason}; the champion stays as it is, start another training when the cause is gone", EventName = "trainer.job.failed")]
    public static partial void JobFailed(ILogger logger, string job, string reason, Exception cause);

    [LoggerMessage(4, LogLevel.Warning, "an event about {Subject} could not be published; listeners learn of it when they next ask", EventName = "trainer.announcement.failed")]
    public static partial void AnnouncementFailed(ILogger logger, string subject, Exception outage);

    [LoggerMessage(5, LogLevel.Warning, "the registry cannot be reached ({Reason}); trying again in {Seconds} s", EventName = "trainer.registry.unreachable")]
    public static partial void RegistryUnreachable(ILogger logger, string reason, double seconds);

    [LoggerMessage(6, LogLevel.Information, "model {Version} of {Rows} rows ({Source}) enters as {State} of group {Group}", EventName = "trainer.model.entered")]
    public static partial void ModelEntered(ILogger logger, string version, int rows, string source, string state, string group);

    [LoggerMessage(7, LogLevel.Warning, "training {Job} no longer holds its lease: another trainer took over", EventName = "trainer.lease.lost")]
    public static partial void LeaseLost(ILogger logger, string job);

    [LoggerMessage(8, LogLevel.Information, "model {Version} is the champion of group {Group}: {Reason}", EventName = "trainer.model.promoted")]
    public static partial void ModelPromoted(ILogger logger, string version, string group, string? reason);

    [LoggerMessage(9, LogLevel.Information, "challenger {Version} is retired: {Reason}", EventName = "trainer.challenger.retired")]
    public static partial void ChallengerRetired(ILogger logger, string version, string reason);

    [LoggerMessage(11, LogLevel.Information, "the schedule starts no training here: {Reason}", EventName = "trainer.schedule.skipped")]
    public static partial void ScheduleSkipped(ILogger logger, string reason);

    [LoggerMessage(12, LogLevel.Information, "training {Job} starts because of drift: {Reason}", EventName = "trainer.drift.trains")]
    public static partial void DriftTrains(ILogger logger, string job, string reason);

    [LoggerMessage(13, LogLevel.Warning, "champion {Version} was rolled back to {Before} by itself: {Reason}; if it was right, promote it by hand", EventName = "trainer.model.rolled-back")]
    public static partial void RolledBack(ILogger logger, string version, string before, string reason);

    [LoggerMessage(14, LogLevel.Warning, "champion {Version} should be rolled back ({Reason}), but stays: {Refusal}", EventName = "trainer.model.not-rolled-back")]
    public static partial void NotRolledBack(ILogger logger, string version, string reason, string refusal);

    [LoggerMessage(15, LogLevel.Warning, "the champion was not looked at and stays; trying again in {Seconds} s: {Reason}", EventName = "trainer.champion.unjudged")]
    public static partial void ChampionUnjudged(ILogger logger, double seconds, string reason);

    [LoggerMessage(10, LogLevel.Warning, "challengers were not judged, the champion stays; trying again in {Seconds} s: {Reason}", EventName = "trainer.challenger.unjudged")]
    public static partial void ChallengersUnjudged(ILogger logger, double seconds, string reason);

    [LoggerMessage(20, LogLevel.Information, "challenger {Version} was replayed: of {Incidents} labelled incidents it finds {Found} and the champion {ChampionFound}, of {FalseAlarms} false alarms it repeats {Repeated} and the champion {ChampionRepeated}", EventName = "trainer.labels.replayed")]
    public static partial void LabelsReplayed(
        ILogger logger, string version, int incidents, int found, int championFound, int falseAlarms, int repeated, int championRepeated);

    [LoggerMessage(22, LogLevel.Information, "group {Group} of {Entities} entities: {Outcome}", EventName = "trainer.group.done")]
    public static partial void GroupDone(ILogger logger, string group, int entities, string outcome);

    [LoggerMessage(23, LogLevel.Warning, "the joint model of group {Group} was not trained, what it has stays; the next training tries again: {Reason}", EventName = "trainer.group.failed")]
    public static partial void GroupFailed(ILogger logger, string group, string reason, Exception cause);

    [LoggerMessage(25, LogLevel.Warning, "no group's joint model was trained, what there is stays; the next training tries again: {Reason}", EventName = "trainer.groups.failed")]
    public static partial void GroupsFailed(ILogger logger, string reason, Exception cause);

    [LoggerMessage(24, LogLevel.Information, "champion {Version} of group {Group} is retired: {Reason}", EventName = "trainer.group.retired")]
    public static partial void GroupRetired(ILogger logger, string version, string group, string? reason);

    [LoggerMessage(26, LogLevel.Warning, "groups were not looked at, no training starts for them for now; trying again in {Minutes} min: {Reason}", EventName = "trainer.groups.unchecked")]
    public static partial void GroupsUnchecked(ILogger logger, double minutes, string reason);

    [LoggerMessage(27, LogLevel.Information, "group {Group} of {Entities} entities has {Minutes} minutes of history and its model has learned from {Learned}: a training starts", EventName = "trainer.group.due")]
    public static partial void GroupDue(ILogger logger, string group, int entities, double minutes, double learned);

    [LoggerMessage(21, LogLevel.Warning, "feedback was not looked at, no training starts from it for now; trying again in {Seconds} s: {Reason}", EventName = "trainer.feedback.unchecked")]
    public static partial void FeedbackUnchecked(ILogger logger, double seconds, string reason);
}
