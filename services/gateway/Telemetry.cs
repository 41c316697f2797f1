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
        _loop = meter.CreateHistogram<double>("forewarn.loop.latency", "s", "From ingestion receiving a tick to its verdict reaching the gateway");
    }

    public void StreamOpened() => _streams.Add(1);
    public void StreamClosed(long dropped)
    {
        _streams.Add(-1);
        _dropped.Add(dropped);
    }

    public void Loop(double milliseconds) => _loop.Record(milliseconds / 1000);
}
