using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace DevSidecar.Metrics;

/// <summary>Aggregates the instruments of one meter and writes them in the Prometheus text format.</summary>
sealed class PrometheusText : IDisposable
{
    /// <summary>daprd's default latency buckets, milliseconds.</summary>
    static readonly double[] Buckets =
    [
        1, 2, 3, 4, 5, 6, 8, 10, 13, 16, 20, 25, 30, 40, 50, 65, 80, 100, 130, 160, 200, 250, 300, 400, 500, 650, 800,
        1000, 2000, 5000, 10000, 20000, 50000, 100000,
    ];

    readonly MeterListener _listener = new();
    readonly Meter _meter;
    readonly string _appId;
    readonly Lock _lock = new();
    readonly SortedDictionary<string, Dictionary<string, Series>> _series = new(StringComparer.Ordinal);

    public PrometheusText(Meter meter, string appId)
    {
        (_meter, _appId) = (meter, appId);
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (ReferenceEquals(instrument.Meter, _meter))
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Record(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Record(instrument, value, tags));
    }

    public void Start() => _listener.Start();

    public string Write()
    {
        var text = new StringBuilder();
        lock (_lock)
        {
            foreach (var (name, byLabels) in _series)
            {
                text.Append("# TYPE ").Append(name).Append(' ').Append(byLabels.Values.First().Kind).Append('\n');
                foreach (var (labels, series) in byLabels)
                {
                    Write(text, name, labels, series);
                }
            }
        }

        return text.ToString();
    }

    public void Dispose() => _listener.Dispose();

    static void Write(StringBuilder text, string name, string labels, Series series)
    {
        var culture = CultureInfo.InvariantCulture;
        if (series.Counts is null)
        {
            text.Append(culture, $"{name}{{{labels}}} {series.Sum}\n");
            return;
        }

        var cumulated = 0L;
        for (var i = 0; i < series.Counts.Length; i++)
        {
            cumulated += series.Counts[i];
            var bound = i < Buckets.Length ? Buckets[i].ToString(culture) : "+Inf";
            text.Append(culture, $"{name}_bucket{{{labels},le=\"{bound}\"}} {cumulated}\n");
        }

        text.Append(culture, $"{name}_sum{{{labels}}} {series.Sum}\n{name}_count{{{labels}}} {cumulated}\n");
    }

    void Record(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var kind = instrument switch { Histogram<double> => "histogram", Gauge<long> => "gauge", _ => "counter" };
        var labels = new StringBuilder("app_id=\"").Append(_appId).Append('"');
        foreach (var tag in tags)
        {
            var text = Convert.ToString(tag.Value, CultureInfo.InvariantCulture) ?? "";
            labels.Append(',').Append(tag.Key).Append("=\"")
                .Append(text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal))
                .Append('"');
        }

        lock (_lock)
        {
            if (!_series.TryGetValue(instrument.Name, out var byLabels))
            {
                _series[instrument.Name] = byLabels = new(StringComparer.Ordinal);
            }

            var key = labels.ToString();
            if (!byLabels.TryGetValue(key, out var series))
            {
                byLabels[key] = series = new() { Kind = kind, Counts = kind == "histogram" ? new long[Buckets.Length + 1] : null };
            }

            series.Sum = kind == "gauge" ? value : series.Sum + value;
            if (series.Counts is { } counts)
            {
                var bucket = Array.BinarySearch(Buckets, value);
                counts[bucket < 0 ? ~bucket : bucket]++;
            }
        }
    }

    sealed class Series
    {
        public required string Kind { get; init; }

        /// <summary>The last value of a gauge.</summary>
        public double Sum { get; set; }

        public long[]? Counts { get; init; }
    }
}
