using Forewarn.Analytics;
using Forewarn.Contracts;

namespace Forewarn.Ingestion;

/// <summary>
/// The cumulative distributions of one entity. What a message carries of them becomes what came since the last point the broker
/// has, for the holder of the entity's lane: <see cref="Convert"/>, then <see cref="Keep"/> or <see cref="Undo"/>. The rules are
/// those of <see cref="CounterRate"/>.
/// </summary>
/// <param name="capacity">Most distributions; one beyond has no values.</param>
sealed class DistributionRates(int capacity)
{
    readonly Dictionary<string, Distribution> _known = new(StringComparer.Ordinal);
    readonly Dictionary<string, Distribution> _staged = new(StringComparer.Ordinal);

    // The parts of a point may stand in several messages.
    readonly Dictionary<Distribution, DistributionIncrease?> _increases = new(ReferenceEqualityComparer.Instance);
    long _sweptT = long.MinValue / 2;

    public int Count => _known.Count;

    /// <summary>Fills in the cells of distributions; NaN where there is nothing to say.</summary>
    /// <param name="submission">What is sent.</param>
    /// <param name="rows">A copy of its rows, changed in place.</param>
    public void Convert(Submission submission, MetricRow[] rows)
    {
        var row = 0;
        foreach (var cell in submission.Distributions ?? [])
        {
            while (rows[row].T < cell.Distribution.T)
                row++;
            rows[row].Values[cell.Column] = IncreaseOf(cell.Distribution)?.Of(cell.Part) ?? double.NaN;
        }
    }

    /// <summary>The broker has what was converted.</summary>
    public void Keep()
    {
        foreach (var (id, last) in _staged)
        {
            Sweep(last.T);
            if (_known.Count < capacity || _known.ContainsKey(id))
                _known[id] = last;
        }
        Undo();
    }

    /// <summary>The same points will come again.</summary>
    public void Undo()
    {
        _staged.Clear();
        _increases.Clear();
    }

    DistributionIncrease? IncreaseOf(Distribution now)
    {
        if (!_increases.TryGetValue(now, out var increase))
            _increases[now] = increase = Take(now);
        return increase;
    }

    DistributionIncrease? Take(Distribution now)
    {
        if (!_staged.TryGetValue(now.Id, out var last))
            last = _known.GetValueOrDefault(now.Id);
        if (last is not null && (now.T <= last.T || (now.StartMs != 0 && now.StartMs < last.StartMs)))
            return null;
        _staged[now.Id] = now.StartMs == 0 && last is not null ? now with { StartMs = last.StartMs } : now;
        return last is not null && now.T - last.T <= CounterRate.LongestGapMs ? Between(last, now) : null;
    }

    static DistributionIncrease Between(Distribution last, Distribution now)
    {
        var seconds = (now.T - last.T) / 1000.0;
        var buckets = now.Buckets;
        var isReset = now.Count < last.Count || (last.StartMs != 0 && now.StartMs > last.StartMs)
            || (now.Buckets is not null && last.Buckets is not null && !now.Buckets.TrySince(last.Buckets, out buckets));
        if (isReset)
            return new(seconds, now.Count, now.Sum, now.Buckets);
        return new(seconds, now.Count - last.Count, now.Sum - last.Sum, last.Buckets is null ? null : buckets);
    }

    void Sweep(long t)
    {
        if (t - _sweptT < CounterRate.LongestGapMs)
            return;
        _sweptT = t;
        foreach (var (id, last) in _known)
        {
            if (t - last.T > CounterRate.LongestGapMs)
                _known.Remove(id);
        }
    }
}
