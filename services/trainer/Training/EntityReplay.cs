using Forewarn.Analytics;
using Forewarn.Contracts;

namespace Forewarn.Trainer;

/// <summary>
/// Runs one entity's stored samples through the features that production computes, and collects rows. A series counts
/// once it is warm; ticks to leave out still move the features on, they only give no row.
/// </summary>
/// <param name="leftOut">Spans of event time, unix milliseconds, whose ticks are no normal behaviour.</param>
sealed class EntityReplay(IReadOnlyList<(long From, long To)> leftOut)
{
    /// <summary>Every n-th tick becomes a row: neighbours tell the same.</summary>
    public const int Stride = 4;

    const long GridMs = 1000;

    /// <summary>Bounds memory; a row pools the strangest series anyway.</summary>
    const int MaxSeries = 5000;

    readonly List<SeriesFeatures> _series = [];
    readonly Dictionary<string, int> _index = new(StringComparer.Ordinal);
    readonly List<float> _rows = [];
    double[] _values = [];
    float[] _features = [];
    long _tick = long.MinValue;
    int _ticks;
    long _first;
    long _last;

    /// <summary>Takes a sample; event time must not go back. Samples of one second are one tick.</summary>
    public void Add(long t, SeriesSchema schema, double[] values)
    {
        var tick = t / GridMs * GridMs;
        if (tick > _tick)
        {
            Flush();
            _tick = tick;
        }
        for (var i = 0; i < Math.Min(values.Length, schema.Columns.Count); i++)
        {
            if (IndexOf(schema.Columns[i]) is { } at)
                _values[at] = values[i];
        }
    }

    /// <summary>The rows so far; null when there are none. The replay starts afresh: what comes next need not be its neighbour.</summary>
    public RowBlock? Finish()
    {
        Flush();
        var block = _rows.Count == 0 ? null : new RowBlock(_rows.ToArray(), _first, _last);
        _rows.Clear();
        _series.Clear();
        _index.Clear();
        (_values, _features, _tick, _ticks) = ([], [], long.MinValue, 0);
        return block;
    }

    int? IndexOf(SeriesColumn column)
    {
        if (_index.TryGetValue(column.Id, out var known))
            return known;
        if (_series.Count == MaxSeries)
            return null;
        var at = _series.Count;
        _index[column.Id] = at;
        _series.Add(new SeriesFeatures(column.Unit));
        if (at >= _values.Length)
        {
            var size = Math.Max(64, _values.Length * 2);
            Array.Resize(ref _values, size);
            Array.Fill(_values, double.NaN, at, size - at);
            Array.Resize(ref _features, size * FeatureSpec.Count);
        }
        return at;
    }

    void Flush()
    {
        if (_tick == long.MinValue)
            return;
        var warm = 0;
        for (var i = 0; i < _series.Count; i++)
        {
            var features = _features.AsSpan(i * FeatureSpec.Count, FeatureSpec.Count);
            var wasWarm = _series[i].Maturity == Maturity.Warm;
            _series[i].Update(_tick, _values[i], features);
            if (wasWarm)
                warm++;
            else
                features.Fill(float.NaN);
        }
        Array.Fill(_values, double.NaN);
        if (warm == 0 || _ticks++ % Stride != 0 || IsLeftOut(_tick))
            return;
        Span<float> row = stackalloc float[RowSpec.Count];
        RowSpec.Fill(_features.AsSpan(0, _series.Count * FeatureSpec.Count), _series.Count, row);
        _rows.AddRange(row);
        _first = _rows.Count == RowSpec.Count ? _tick : _first;
        _last = _tick;
    }

    bool IsLeftOut(long t)
    {
        foreach (var (from, to) in leftOut)
        {
            if (t >= from && t <= to)
                return true;
        }
        return false;
    }
}
