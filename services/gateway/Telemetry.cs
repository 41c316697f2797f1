using System.Diagnostics.Metrics;

namespace Forewarn.Gateway;

/// <summary>What the gateway counts.</summary>
sealed class Telemetry
{
    readonly UpDownCounter<int> _streams;
    readonly Counter<long> _dropped;
    readonly Histogram<double> _loop;

    public Telemetry(IMeterFactory meters)
    {
        var meter = meters.Create("Forewarn.Gateway");
        _streams = meter.CreateUpDownCounter<int>("forewarn.gateway.streams", "{stream}", "Live streams open");
        _dropped = meter.CreateCounter<long>("forewarn.gateway.ticks.dropped", "{tick}", "Ticks a slow browser did not get");
        _loop = meter.CreateHistogram("forewarn.loop.latency", "s", "From ingestion receiving a tick to its verdict reaching the gateway",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] });
        // Counted from 0 on: a counter that begins with its first event hides that one from whoever watches its increase.
        _dropped.Add(0);
        _streams.Add(0);
    }

    public void StreamOpened() => _streams.Add(1);
    public void StreamClosed(long dropped)
    {
        _streams.Add(-1);
        _dropped.Add(dropped);
    }

    public void Loop(double milliseconds) => _loop.Record(milliseconds / 1000);
}
