using System.Diagnostics.Metrics;

namespace Forewarn.Alerting;

/// <summary>The metrics of this service.</summary>
sealed class Telemetry : IDisposable
{
    readonly Meter _meter = new("Forewarn.Alerting");

    public Telemetry()
    {
        Detections = _meter.CreateCounter<long>("forewarn.alerting.detections", "{detection}", "Detections received");
        Notifications = _meter.CreateCounter<long>("forewarn.alerting.notifications", "{notification}", "Notifications sent, by channel and kind");
        Failures = _meter.CreateCounter<long>("forewarn.alerting.notification_failures", "{attempt}", "Attempts that a channel did not take, by channel");
        Latency = _meter.CreateHistogram<double>(
            "forewarn.alerting.latency", "s", "From ingestion receiving the deciding tick to the channel having taken the first notification, by channel",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5] });
    }

    public Counter<long> Detections { get; }
    public Counter<long> Notifications { get; }
    public Counter<long> Failures { get; }
    public Histogram<double> Latency { get; }

    public void Dispose() => _meter.Dispose();
}
