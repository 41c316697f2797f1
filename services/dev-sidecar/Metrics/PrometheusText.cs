using System.Diagnostics.Metrics;
using System.Text;

namespace DevSidecar.Metrics;

/// <summary>
/// Aggregates the instruments of one meter and writes them in the Prometheus text format. Recording finds its series by the
/// label values and allocates nothing once the series is there; observable instruments are asked when the page is.
/// </summary>
sealed class PrometheusText : IDisposable
{
    readonly MeterListener _listener = new();
    readonly Lock _lock = new();
    readonly SortedDictionary<string, MetricFamily> _families = new(StringComparer.Ordinal);
    readonly Meter _meter;
    readonly string _appId;

    public PrometheusText(Meter meter, string appId)
    {
        (_meter, _appId) = (meter, appId);
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (ReferenceEquals(instrument.Meter, _meter))
            {
                listener.EnableMeasurementEvents(instrument, Add(instrument));
            }
        };
        _listener.SetMeasurementEventCallback<long>(static (_, value, tags, family) => ((MetricFamily)family!).Record(value, tags));
        _listener.SetMeasurementEventCallback<double>(static (_, value, tags, family) => ((MetricFamily)family!).Record(value, tags));
    }

    public void Start() => _listener.Start();

    public string Write()
    {
        var text = new StringBuilder();
        lock (_lock)
        {
            foreach (var family in _families.Values.Where(f => f.IsObserved))
            {
                family.Clear();
            }

            _listener.RecordObservableInstruments();
            foreach (var family in _families.Values)
            {
                family.Write(text);
            }
        }

        return text.ToString();
    }

    public void Dispose() => _listener.Dispose();

    MetricFamily Add(Instrument instrument)
    {
        var family = new MetricFamily(instrument, _appId);
        lock (_lock)
        {
            _families.Add(instrument.Name, family);
        }

        return family;
    }
}
