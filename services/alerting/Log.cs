namespace Forewarn.Alerting;

/// <summary>Everything this service says in its log.</summary>
static partial class Log
{
    [LoggerMessage(1, LogLevel.Debug, "actors do not answer yet: {Reason}", EventName = "alerting.actors.waiting")]
    public static partial void ActorsNotThereYet(ILogger logger, string reason);
}
