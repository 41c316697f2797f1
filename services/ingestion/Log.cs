namespace Forewarn.Ingestion;

/// <summary>All log messages of this service.</summary>
static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "watching this machine as {Entity} every {Seconds} s", EventName = "ingestion.host.started")]
    public static partial void HostStarted(ILogger logger, string entity, int seconds);

    [LoggerMessage(2, LogLevel.Warning, "this machine could not be measured, the second stays empty: {Reason}", EventName = "ingestion.host.failed")]
    public static partial void HostFailed(ILogger logger, string reason);

    [LoggerMessage(3, LogLevel.Information, "probing {Entity} every {Seconds} s", EventName = "ingestion.probe.started")]
    public static partial void ProbeStarted(ILogger logger, string entity, int seconds);

    [LoggerMessage(4, LogLevel.Debug, "publishing {Count} messages failed and is repeated: {Reason}", EventName = "ingestion.publish.repeated")]
    public static partial void PublishRepeated(ILogger logger, int count, string reason);

    [LoggerMessage(5, LogLevel.Warning, "the broker is away, {Count} own measurements wait in the outbox: {Reason}", EventName = "ingestion.broker.away")]
    public static partial void BrokerAway(ILogger logger, int count, string reason);

    [LoggerMessage(6, LogLevel.Warning, "own measurements were refused: {Field} {Reason}", EventName = "ingestion.own.refused")]
    public static partial void OwnSamplesRefused(ILogger logger, string field, string reason);

    [LoggerMessage(8, LogLevel.Information, "StatsD is taken on UDP 127.0.0.1:{Port}, a row of each entity every {Seconds} s", EventName = "ingestion.statsd.started")]
    public static partial void StatsdStarted(ILogger logger, int port, int seconds);

    [LoggerMessage(9, LogLevel.Debug, "receiving StatsD failed once: {Reason}", EventName = "ingestion.statsd.failed")]
    public static partial void StatsdFailed(ILogger logger, string reason);

    [LoggerMessage(10, LogLevel.Information, "OTLP is taken: {Protocol} on port {Port}", EventName = "ingestion.otlp.started")]
    public static partial void OtlpStarted(ILogger logger, string protocol, int port);

    [LoggerMessage(11, LogLevel.Warning,
        "{Protocol} is not taken: another program, perhaps an OpenTelemetry Collector, listens on port {Port}. Let it send on to {Address}/v1/metrics, or end it and start this service again, or set {Setting} to a free port",
        EventName = "ingestion.otlp.port_taken")]
    public static partial void OtlpPortTaken(ILogger logger, string protocol, int port, string address, string setting);

    [LoggerMessage(7, LogLevel.Debug, "a request was refused: {Field} {Reason}", EventName = "ingestion.request.refused")]
    public static partial void RequestRefused(ILogger logger, string field, string reason);

    [LoggerMessage(10, LogLevel.Warning, "the data of {Entity} is in doubt ({Check}): {Summary}", EventName = "ingestion.quality.found")]
    public static partial void QualityFound(ILogger logger, string entity, string check, string summary);

    [LoggerMessage(11, LogLevel.Information, "the data of {Entity} is in order again ({Check})", EventName = "ingestion.quality.over")]
    public static partial void QualityOver(ILogger logger, string entity, string check);

    [LoggerMessage(12, LogLevel.Debug, "findings could not be published and will be told again: {Reason}", EventName = "ingestion.quality.unpublished")]
    public static partial void QualityUnpublished(ILogger logger, string reason);
}
