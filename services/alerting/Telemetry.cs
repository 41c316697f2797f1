using System.Diagnostics;
using System.Diagnostics.Metrics;
using Forewarn.Contracts;

namespace Forewarn.Alerting;

/// <summary>The metrics of this service.</summary>
sealed class Telemetry : IDisposable
{
    readonly Meter _meter = new("Forewarn.Alerting");
    readonly Counter<long> _incidents;

    public Telemetry()
    {
        Detections = _meter.CreateCounter<long>("forewarn.alerting.detections", "{detection}", "Detections received");
        _incidents = _meter.CreateCounter<long>("forewarn.alerting.incidents", "{incident}", "Incidents that came into a status, by status, severity and kind");
        Notifications = _meter.CreateCounter<long>("forewarn.alerting.notifications", "{notification}", "Notifications sent, by channel and kind");
        Failures = _meter.CreateCounter<long>("forewarn.alerting.notification_failures", "{attempt}", "Attempts that a channel did not take, by channel");
        Latency = _meter.CreateHistogram<double>(
            "forewarn.alerting.latency", "s", "From ingestion receiving the deciding tick to the channel having taken the first notification, by channel",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5] });
        // Counted from 0 on: a counter that begins with its first event hides that one from whoever watches its increase.
        Detections.Add(0);
        foreach (var status in Enum.GetValues<IncidentStatus>())
            _incidents.Add(0, new TagList { { "status", status.ToString() } });
    }

    public Counter<long> Detections { get; }
    public Counter<long> Notifications { get; }
    public Counter<long> Failures { get; }
    public Histogram<double> Latency { get; }

    public void Changed(IncidentEvent incident) => _incidents.Add(1, new TagList
    {
        { "status", incident.Status.ToString() }, { "severity", incident.Severity.ToString() }, { "kind", incident.Kind.ToString() },
    });

    /// <summary>Has a channel counted from 0 on: a counter that begins with its first failure hides that one from whoever watches its increase.</summary>
    public void Expect(string channel) => Failures.Add(0, new TagList { { "channel", channel } });

    public void Dispose() => _meter.Dispose();
}
