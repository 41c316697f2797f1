using Forewarn.Analytics;
using Forewarn.Contracts;

namespace Forewarn.Trainer;

/// <summary>
/// Runs one entity's stored samples through the features that production computes, and collects rows of a group's metrics. Series
/// are told by id: what an entity measured under another set of columns counts as far as the group still has it. Ticks to leave out
/// still move the features on, they only give no row.
/// </summary>
/// <param name="schema">The group's columns.</param>
/// <param name="leftOut">Spans of event time, unix milliseconds, whose ticks are no normal behaviour.</param>
/// <param name="stride">Every so many ticks become a row.</param>
sealed class GroupReplay(SeriesSchema schema, IReadOnlyList<(long From, long To)> leftOut, int stride)
{
    const long GridMs = 1000;

    readonly Dictionary<string, int> _slots = schema.Columns.Select((column, slot) => (column.Id, slot)).ToDictionary(StringComparer.Ordinal);
    readonly int[] _columnOfSlot = [.. Enumerable.Range(0, schema.Columns.Count)];
    readonly float[] _features = new float[schema.Columns.Count * FeatureSpec.Count];
    readonly double[] _values = [.. Enumerable.Repeat(double.NaN, schema.Columns.Count)];
    readonly float[] _row = new float[schema.Columns.Count * JointRow.Count];
    readonly List<float> _rows = [];
    readonly List<long> _times = [];
    SeriesFeatures[] _series = Fresh(schema);
    long _tick = long.MinValue;
    int _ticks;

    /// <summary>Rows so far, row-major, <see cref="JointRow.Count"/> a metric.</summary>
    public float[] Rows() => [.. _rows];

    /// <summary>Event time of each row, unix milliseconds, ascending.</summary>
    public IReadOnlyList<long> Times => _times;

    /// <summary>Takes a sample; event time must not go back within a stretch. Samples of one second are one tick.</summary>
    public void Add(long t, SeriesSchema columns, double[] values)
    {
        var tick = t / GridMs * GridMs;
        if (tick > _tick)
        {
            Flush();
            _tick = tick;
        }
        for (var i = 0; i < Math.Min(values.Length, columns.Columns.Count); i++)
        {
            if (_slots.TryGetValue(columns.Columns[i].Id, out var slot))
                _values[slot] = values[i];
        }
    }

    /// <summary>What comes next need not be the neighbour of what came: windows start anew.</summary>
    public void EndStretch()
    {
        Flush();
        (_series, _tick, _ticks) = (Fresh(schema), long.MinValue, 0);
    }

    static SeriesFeatures[] Fresh(SeriesSchema schema) => [.. schema.Columns.Select(column => new SeriesFeatures(column.Unit))];

    void Flush()
    {
        if (_tick == long.MinValue)
            return;
        var known = 0;
        for (var i = 0; i < _series.Length; i++)
        {
            _series[i].Update(_tick, _values[i], _features.AsSpan(i * FeatureSpec.Count, FeatureSpec.Count));
            known += _series[i].Samples > 0 ? 1 : 0;
        }
        Array.Fill(_values, double.NaN);
        // From before the group's columns came up hardly anything is known: that says nothing of how they go together.
        if (_ticks++ < JointTraining.Settling || (_ticks - JointTraining.Settling - 1) % stride != 0 || 2 * known < _series.Length || IsLeftOut(_tick))
            return;
        JointRow.Gather(_features, _columnOfSlot, _row);
        _rows.AddRange(_row);
        _times.Add(_tick);
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
