using Forewarn.Analytics;
using Forewarn.Contracts;

namespace Forewarn.Ingestion;

/// <summary>Whether a column counts up, and since when.</summary>
/// <param name="IsCounter">Its values are cumulative; false for a level.</param>
/// <param name="StartMs">When counting began, unix milliseconds; 0 when the sender does not say.</param>
readonly record struct Counting(bool IsCounter, long StartMs = 0)
{
    /// <summary>Unit of a counter's rate: seconds counted per second are a share.</summary>
    public static string UnitOfRate(string unit) => unit == "s" ? "1" : $"{unit}/s";
}

/// <summary>A counter that began anew: the column of a submission, and when, unix milliseconds.</summary>
sealed record CounterFall(Submission Submission, int Column, long T);

/// <summary>
/// The counters of one entity. What a message carries of them becomes rates on its way out, for the holder of the entity's lane:
/// <see cref="Convert"/>, then <see cref="Keep"/> when the broker has it or <see cref="Undo"/> when it will come again.
/// </summary>
/// <param name="capacity">Most counters; a series beyond has no rate.</param>
sealed class CounterRates(int capacity)
{
    readonly Dictionary<string, CounterRate> _counters = new(StringComparer.Ordinal);
    readonly Dictionary<string, CounterRate> _staged = new(StringComparer.Ordinal);
    readonly List<CounterFall> _falls = [];
    long _sweptT = long.MinValue / 2;

    public int Count => _counters.Count;

    /// <summary>Where counting began anew in what was converted since the last <see cref="Undo"/>.</summary>
    public IEnumerable<CounterFall> FallsIn(Submission submission) => _falls.Where(fall => ReferenceEquals(fall.Submission, submission));

    /// <summary>Puts rates in place of cumulative values; NaN where there is none.</summary>
    /// <param name="submission">What is sent.</param>
    /// <param name="rows">A copy of its rows, changed in place.</param>
    public void Convert(Submission submission, MetricRow[] rows)
    {
        var counting = submission.Counting ?? [];
        for (var column = 0; column < counting.Count; column++)
        {
            if (counting[column].IsCounter)
                ConvertColumn(submission, rows, column, counting[column].StartMs);
        }
    }

    /// <summary>The broker has what was converted.</summary>
    public void Keep()
    {
        foreach (var (id, counter) in _staged)
        {
            Sweep(counter.LastT);
            if (_counters.Count < capacity || _counters.ContainsKey(id))
                _counters[id] = counter;
        }
        _staged.Clear();
    }

    /// <summary>The same samples will come again.</summary>
    public void Undo()
    {
        _staged.Clear();
        _falls.Clear();
    }

    void ConvertColumn(Submission submission, MetricRow[] rows, int column, long startMs)
    {
        var id = submission.Schema.Columns[column].Id;
        if (!_staged.TryGetValue(id, out var counter))
            counter = _counters.GetValueOrDefault(id);
        foreach (var row in rows)
        {
            var resets = counter.Resets;
            row.Values[column] = counter.Take(row.T, row.Values[column], submission.Starts?.GetValueOrDefault((row.T, column), startMs) ?? startMs);
            if (counter.Resets > resets)
                _falls.Add(new(submission, column, row.T));
        }
        _staged[id] = counter;
    }

    /// <summary>A counter that was silent for the longest gap has no rate when it comes back: nothing is lost without it.</summary>
    void Sweep(long t)
    {
        if (t - _sweptT < CounterRate.LongestGapMs)
            return;
        _sweptT = t;
        foreach (var (id, counter) in _counters)
        {
            if (t - counter.LastT > CounterRate.LongestGapMs)
                _counters.Remove(id);
        }
    }
}
