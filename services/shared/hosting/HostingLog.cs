using Microsoft.Extensions.Logging;

namespace Forewarn.Hosting;

static partial class HostingLog
{
    [LoggerMessage(1, LogLevel.Warning, "delivery of {Count} messages from {Topic} failed and will be repeated", EventName = "hosting.delivery.failed")]
    public static partial void DeliveryFailed(ILogger logger, string topic, int count, Exception outage);

    [LoggerMessage(2, LogLevel.Warning, "a message from {Topic} was moved to its dead topic: {Reason}", EventName = "hosting.message.refused")]
    public static partial void MessageRefused(ILogger logger, string topic, string reason);

    [LoggerMessage(3, LogLevel.Warning, "the checkpoint of {Entity} cannot be used and is replaced: {Reason}", EventName = "hosting.checkpoint.unreadable")]
    public static partial void CheckpointUnreadable(ILogger logger, string entity, string reason);

    [LoggerMessage(4, LogLevel.Warning, "checkpoints cannot be saved; what happened since the last one would be caught up from history after a crash", EventName = "hosting.checkpoint.failed")]
    public static partial void CheckpointFailed(ILogger logger, Exception outage);

    [LoggerMessage(5, LogLevel.Debug, "another replica works for {Entity} now", EventName = "hosting.entity.lost")]
    public static partial void EntityLost(ILogger logger, string entity);

    [LoggerMessage(6, LogLevel.Information, "saved {Count} checkpoints at shutdown", EventName = "hosting.checkpoint.shutdown")]
    public static partial void CheckpointsAtShutdown(ILogger logger, int count);

    [LoggerMessage(7, LogLevel.Debug, "this service's own metrics were not published: {Reason}", EventName = "hosting.self_metrics.lost")]
    public static partial void SelfMetricsLost(ILogger logger, string reason);

    [LoggerMessage(8, LogLevel.Information, "delivery of {Count} messages from {Topic} is put off: {Awaited}", EventName = "hosting.delivery.postponed")]
    public static partial void DeliveryPostponed(ILogger logger, string topic, int count, string awaited);
}
