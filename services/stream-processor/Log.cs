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
}
