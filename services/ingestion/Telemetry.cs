using System.Diagnostics.Metrics;

namespace Forewarn.Ingestion;

/// <summary>The metrics of this service.</summary>
sealed class Telemetry : IDisposable
{
    public const string MeterName = "Forewarn.Ingestion";

    readonly Meter _meter;
    readonly Counter<long> _samples;
    readonly Counter<long> _batches;
    readonly Counter<long> _refused;
    readonly Counter<long> _dropped;
    readonly Counter<long> _findings;

    public Telemetry(IMeterFactory meters)
    {
        _meter = meters.Create(MeterName);
        _samples = _meter.CreateCounter<long>("forewarn.ingestion.samples", "{sample}", "Samples the broker has acknowledged.");
        _batches = _meter.CreateCounter<long>("forewarn.ingestion.batches", "{batch}", "Batches the broker has acknowledged.");
        _refused = _meter.CreateCounter<long>("forewarn.ingestion.refused", "{request}", "Requests and messages refused, by reason.");
        _dropped = _meter.CreateCounter<long>("forewarn.ingestion.dropped", "{batch}", "Own measurements given up because the broker was away too long.");
        _findings = _meter.CreateCounter<long>("forewarn.ingestion.findings", "{finding}", "Findings about the quality of data that began, by check.");
        // Counted from 0 on: a counter that begins with its first event hides that one from whoever watches its increase.
        _dropped.Add(0);
        Refused("unavailable", 0);
    }

    public void Accepted(string source, int samples)
    {
        _samples.Add(samples, new KeyValuePair<string, object?>("source", source));
        _batches.Add(1, new KeyValuePair<string, object?>("source", source));
    }

    public void Refused(string code, int count = 1) => _refused.Add(count, new KeyValuePair<string, object?>("reason", code));

    public void Dropped(string source) => _dropped.Add(1, new KeyValuePair<string, object?>("source", source));

    public void Found(string check) => _findings.Add(1, new KeyValuePair<string, object?>("check", check));

    public void Dispose() => _meter.Dispose();
}
