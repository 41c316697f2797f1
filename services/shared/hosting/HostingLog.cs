using Microsoft.Extensions.Logging;

namespace Forewarn.Hosting;

static partial class HostingLog
{
    [LoggerMessage(1, LogLevel.Warning, "delivery of {Count} messages from {Topic} failed and will be repeated", EventName = "hosting.delivery.failed")]
    public static partial void DeliveryFailed(ILogger logger, string topic, int count, Exception outage);

    [LoggerMessage(2, LogLevel.Warning, "a message from {Topic} was moved to its dead topic: {Reason}", EventName = "hosting.message.refused")]
    public static partial void MessageRefused(ILogger logger, string topic, string reason);

    [LoggerMessage(3, LogLevel.Debug, "this service's own metrics were not published: {Reason}", EventName = "hosting.self_metrics.lost")]
    public static partial void SelfMetricsLost(ILogger logger, string reason);
}
