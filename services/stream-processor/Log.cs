namespace Forewarn.StreamProcessor;

static partial class Log
{
    [LoggerMessage(1, LogLevel.Debug, "{Entity} was caught up with {Ticks} ticks from history", EventName = "stream.catchup.done")]
    public static partial void CaughtUp(ILogger logger, string entity, int ticks);

    [LoggerMessage(2, LogLevel.Debug, "{Entity} goes on without catching up, history does not answer: {Reason}", EventName = "stream.catchup.skipped")]
    public static partial void CatchUpSkipped(ILogger logger, string entity, string reason);

    [LoggerMessage(3, LogLevel.Warning, "features cannot be published; they are kept and sent again", EventName = "stream.publish.failed")]
    public static partial void PublishFailed(ILogger logger, Exception outage);

    [LoggerMessage(4, LogLevel.Information, "{Entity} is silent: {Summary}", EventName = "stream.silence.found")]
    public static partial void Silent(ILogger logger, string entity, string summary);

    [LoggerMessage(5, LogLevel.Debug, "silence cannot be judged now: {Reason}", EventName = "stream.silence.unknown")]
    public static partial void SilenceUnknown(ILogger logger, string reason);

    [LoggerMessage(6, LogLevel.Information, "{Rules} threshold rules from {Path}", EventName = "stream.thresholds.taken")]
    public static partial void RulesTaken(ILogger logger, int rules, string path);

    [LoggerMessage(7, LogLevel.Error, "the file of threshold rules cannot be used, the {Rules} rules from before stay; mend it, it is looked at every 2 s: {Mistakes}", EventName = "stream.thresholds.refused")]
    public static partial void RulesRefused(ILogger logger, int rules, string mistakes);

    [LoggerMessage(8, LogLevel.Debug, "missing series cannot be judged now: {Reason}", EventName = "stream.thresholds.unknown")]
    public static partial void MissingUnknown(ILogger logger, string reason);

    [LoggerMessage(9, LogLevel.Warning, "{Series} series of {Entity} match a threshold rule beyond the {Most} that one rule watches of an entity; name labels in the rule", EventName = "stream.thresholds.unwatched")]
    public static partial void Unwatched(ILogger logger, int series, string entity, int most);
}
