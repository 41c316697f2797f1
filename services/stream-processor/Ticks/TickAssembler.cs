using Forewarn.Contracts;

namespace Forewarn.StreamProcessor;

/// <summary>
/// Puts the rows of one entity together into ticks and closes them in order. A tick closes as soon as every lane that is
/// due has spoken or moved on, so an entity with one lane never waits; otherwise after the merge time, or as long as parts of
/// this entity's ticks take to come. A row of a tick that was closed is late. Pure: time comes in as an argument. Not thread-safe.
/// </summary>
sealed class TickAssembler(int mergeMs)
{
    public const int GridMs = 1000;

    /// <summary>More open ticks than this and the oldest closes whatever is missing: memory has an end.</summary>
    const int MaxOpen = 512;

    readonly List<OpenTick> _open = [];
    readonly Stack<OpenTick> _spare = [];
    readonly PartsWait _wait = new(mergeMs);

    public List<Lane> Lanes { get; } = [];

    /// <summary>The newest closed tick; <see cref="long.MinValue"/> before the first.</summary>
    public long LastClosed { get; private set; } = long.MinValue;

    public int OpenCount => _open.Count;

    /// <summary>Processing time at which the oldest open tick closes at the latest.</summary>
    public long DueAt => _open.Count == 0 ? long.MaxValue : _open[0].FirstSeen + _wait.Ms;

    public static long TickOf(long t) => t - (((t % GridMs) + GridMs) % GridMs);

    /// <summary>Takes a row; false when it is late.</summary>
    public bool Add(Lane lane, MetricRow row, long received, long now)
    {
        var tick = TickOf(row.T);

        // A late row tells the lane's rhythm all the same: that is how the next one gets waited for.
        lane.Observe(tick);
        if (tick <= LastClosed)
        {
            _wait.Miss(tick, now, IntervalMs());
            return false;
        }
        Find(tick, now).Add(lane, row, received, now);
        return true;
    }

    /// <summary>The next tick that is to be closed now, or null. Give it back with <see cref="Release"/> when done.</summary>
    /// <param name="now">Processing time, unix milliseconds.</param>
    /// <param name="force">Close whatever is open: nothing more will come.</param>
    public OpenTick? TryClose(long now, bool force = false)
    {
        if (_open.Count == 0)
            return null;
        var oldest = _open[0];
        if (!force && _open.Count <= MaxOpen && now - oldest.FirstSeen < _wait.Ms && IsAnyLaneDue(oldest.T))
            return null;
        _open.RemoveAt(0);
        LastClosed = oldest.T;
        if (Lanes.Count > 1)
            _wait.Close(oldest.T, oldest.FirstSeen, oldest.LastSeen, IntervalMs());
        return oldest;
    }

    public void Release(OpenTick tick) => _spare.Push(tick);

    /// <summary>Makes everything up to <paramref name="tick"/> late: it was caught up from history.</summary>
    public void AdvanceTo(long tick)
    {
        LastClosed = Math.Max(LastClosed, tick);
        while (_open.Count > 0 && _open[0].T <= LastClosed)
        {
            _spare.Push(_open[0]);
            _open.RemoveAt(0);
        }
    }

    /// <summary>Of the quickest lane; 0 while none is known.</summary>
    double IntervalMs()
    {
        var shortest = 0.0;
        foreach (var lane in Lanes)
        {
            if (lane.IntervalMs > 0 && (shortest == 0 || lane.IntervalMs < shortest))
                shortest = lane.IntervalMs;
        }
        return shortest;
    }

    bool IsAnyLaneDue(long tick)
    {
        foreach (var lane in Lanes)
        {
            if (lane.IsDue(tick))
                return true;
        }
        return false;
    }

    OpenTick Find(long tick, long now)
    {
        var at = _open.Count;
        while (at > 0 && _open[at - 1].T > tick)
            at--;
        if (at > 0 && _open[at - 1].T == tick)
            return _open[at - 1];
        var opened = _spare.Count > 0 ? _spare.Pop() : new OpenTick();
        opened.Start(tick, now);
        _open.Insert(at, opened);
        return opened;
    }
}
