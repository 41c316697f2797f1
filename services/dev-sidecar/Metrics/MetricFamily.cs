using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace DevSidecar.Metrics;

/// <summary>All series of one instrument. Its label names are always the same, in the same order: only the values tell series apart.</summary>
sealed class MetricFamily
{
    /// <summary>The most labels an instrument here has.</summary>
    const int MostLabels = 6;

    readonly ConcurrentDictionary<LabelValues, MetricSeries> _series = new();
    readonly string _name;
    readonly string _kind;
    readonly string _help;
    readonly string _appId;

    public MetricFamily(Instrument instrument, string appId)
    {
        (_name, _help, _appId) = (instrument.Name, instrument.Description ?? "", appId);
        IsObserved = instrument.IsObservable;
        _kind = instrument switch { Histogram<double> => "histogram", Gauge<long> or ObservableGauge<long> => "gauge", _ => "counter" };
    }

    public bool IsObserved { get; }

    public void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var labels = new LabelValues(tags);
        if (!_series.TryGetValue(labels, out var series))
        {
            series = _series.GetOrAdd(labels, new MetricSeries(Text(tags), _kind == "histogram"));
        }

        if (_kind == "gauge")
        {
            series.Set(value);
        }
        else
        {
            series.Add(value);
        }
    }

    public void Clear() => _series.Clear();

    public void Write(StringBuilder text)
    {
        if (_series.IsEmpty)
        {
            return;
        }

        text.Append("# HELP ").Append(_name).Append(' ').Append(_help).Append("\n# TYPE ").Append(_name).Append(' ').Append(_kind).Append('\n');
        foreach (var series in _series.Values)
        {
            series.Write(text, _name);
        }
    }

    string Text(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (tags.Length > MostLabels)
        {
            throw new ArgumentException($"{_name} has more than {MostLabels} labels", nameof(tags));
        }

        var labels = new StringBuilder("app_id=\"").Append(Escaped(_appId)).Append('"');
        foreach (var tag in tags)
        {
            labels.Append(',').Append(tag.Key).Append("=\"").Append(Escaped(Convert.ToString(tag.Value, CultureInfo.InvariantCulture) ?? "")).Append('"');
        }

        return labels.ToString();
    }

    static string Escaped(string text) => text
        .Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);

    readonly record struct LabelValues(object? First, object? Second, object? Third, object? Fourth, object? Fifth, object? Sixth)
    {
        public LabelValues(ReadOnlySpan<KeyValuePair<string, object?>> tags)
            : this(At(tags, 0), At(tags, 1), At(tags, 2), At(tags, 3), At(tags, 4), At(tags, 5))
        {
        }

        static object? At(ReadOnlySpan<KeyValuePair<string, object?>> tags, int index) => index < tags.Length ? tags[index].Value : null;
    }
}
