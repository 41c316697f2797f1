namespace Forewarn.Ingestion;

/// <summary>Names of the doors, as <see cref="Contracts.MetricBatch.Source"/> carries them.</summary>
static class Sources
{
    public const string Host = "host";
    public const string Probe = "probe";
    public const string Json = "json";
    public const string Influx = "influx";
    public const string Otlp = "otlp";
    public const string Statsd = "statsd";
    public const string RemoteWrite = "remote-write";
    public const string Scrape = "scrape";
    public const string Self = "self";
}
