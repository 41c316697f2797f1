namespace DevSidecar.DurableLog;

/// <summary>A set of offsets as sorted ranges that neither overlap nor touch: a million in a row cost as much as one.</summary>
sealed class OffsetRanges
{
    readonly List<(long First, long Last)> _ranges = [];

    public IReadOnlyList<(long First, long Last)> Ranges => _ranges;

    public void Add(long first, long last)
    {
        var from = _ranges.FindIndex(r => r.Last >= first - 1);
        if (from < 0)
        {
            _ranges.Add((first, last));
            return;
        }

        var to = from;
        while (to < _ranges.Count && _ranges[to].First <= last + 1)
        {
            first = Math.Min(first, _ranges[to].First);
            last = Math.Max(last, _ranges[to].Last);
            to++;
        }

        _ranges.RemoveRange(from, to - from);
        _ranges.Insert(from, (first, last));
    }

    /// <summary>Forgets everything below <paramref name="start"/>.</summary>
    public void DropBelow(long start)
    {
        _ranges.RemoveAll(r => r.Last < start);
        if (_ranges.Count > 0 && _ranges[0].First < start)
        {
            _ranges[0] = (start, _ranges[0].Last);
        }
    }

    /// <summary>The first offset from <paramref name="offset"/> on that is not in the set.</summary>
    public long NextMissing(long offset)
    {
        var index = _ranges.FindIndex(r => r.Last >= offset);
        return index >= 0 && _ranges[index].First <= offset ? _ranges[index].Last + 1 : offset;
    }

    /// <summary>Offsets of the set from <paramref name="start"/> to before <paramref name="end"/>.</summary>
    public long CountIn(long start, long end) => _ranges.Sum(r => Math.Max(0, Math.Min(r.Last + 1, end) - Math.Max(r.First, start)));
}
