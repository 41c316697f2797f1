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

    [LoggerMessage(7, LogLevel.Information, "StatsD is taken on UDP 127.0.0.1:{Port}, a row of each entity every {Seconds} s", EventName = "ingestion.statsd.started")]
    public static partial void StatsdStarted(ILogger logger, int port, int seconds);

    [LoggerMessage(8, LogLevel.Debug, "receiving StatsD failed once: {Reason}", EventName = "ingestion.statsd.failed")]
    public static partial void StatsdFailed(ILogger logger, string reason);

    [LoggerMessage(9, LogLevel.Information, "OTLP is taken: {Protocol} on port {Port}", EventName = "ingestion.otlp.started")]
    public static partial void OtlpStarted(ILogger logger, string protocol, int port);

    [LoggerMessage(10, LogLevel.Warning,
        "{Protocol} is not taken: another program, perhaps an OpenTelemetry Collector, listens on port {Port}. Let it send on to {Address}/v1/metrics, or end it and start this service again, or set {Setting} to a free port",
        EventName = "ingestion.otlp.port_taken")]
    public static partial void OtlpPortTaken(ILogger logger, string protocol, int port, string address, string setting);

    [LoggerMessage(11, LogLevel.Information, "scraping {Target} every {Seconds} s", EventName = "ingestion.scrape.started")]
    public static partial void ScrapeStarted(ILogger logger, Uri target, int seconds);

    [LoggerMessage(12, LogLevel.Warning, "scraping {Target} failed, it counts as down until it works again: {Reason}", EventName = "ingestion.scrape.failed")]
    public static partial void ScrapeFailed(ILogger logger, Uri target, string reason);

    [LoggerMessage(13, LogLevel.Information, "scraping {Target} works again", EventName = "ingestion.scrape.recovered")]
    public static partial void ScrapeRecovered(ILogger logger, Uri target);

    [LoggerMessage(14, LogLevel.Warning, "series of {Target} are left out, the first of which {Reason}", EventName = "ingestion.scrape.left_out")]
    public static partial void ScrapeLeftOut(ILogger logger, Uri target, string reason);

    [LoggerMessage(15, LogLevel.Warning, "the file of targets {Path} cannot be read, its last good list stays: {Reason}", EventName = "ingestion.scrape.file_broken")]
    public static partial void TargetFileBroken(ILogger logger, string path, string reason);

    [LoggerMessage(16, LogLevel.Warning, "job {Job} names the target {Address}, which is no host:port with a path of http or https; it is left out", EventName = "ingestion.scrape.target_invalid")]
    public static partial void TargetInvalid(ILogger logger, string job, string address);

    [LoggerMessage(17, LogLevel.Debug, "a request was refused: {Field} {Reason}", EventName = "ingestion.request.refused")]
    public static partial void RequestRefused(ILogger logger, string field, string reason);

    [LoggerMessage(22, LogLevel.Warning, "{Count} alerts of another system were refused, the first because {Field} {Reason}", EventName = "ingestion.alerts.refused")]
    public static partial void AlertsRefused(ILogger logger, int count, string field, string reason);

    [LoggerMessage(18, LogLevel.Warning, "the data of {Entity} is in doubt ({Check}): {Summary}", EventName = "ingestion.quality.found")]
    public static partial void QualityFound(ILogger logger, string entity, string check, string summary);

    [LoggerMessage(19, LogLevel.Information, "the data of {Entity} is in order again ({Check})", EventName = "ingestion.quality.over")]
    public static partial void QualityOver(ILogger logger, string entity, string check);

    [LoggerMessage(21, LogLevel.Warning, "what sources say of entities cannot be kept and waits until the state store is back: {Reason}", EventName = "ingestion.cards.wait")]
    public static partial void CardsWait(ILogger logger, string reason);

    [LoggerMessage(20, LogLevel.Debug, "findings could not be published and will be told again: {Reason}", EventName = "ingestion.quality.unpublished")]
    public static partial void QualityUnpublished(ILogger logger, string reason);
}
