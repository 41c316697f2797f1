namespace Forewarn.History.Storage;

/// <summary>A set of sequence numbers, kept as ranges in order: one range as a rule. Not thread-safe.</summary>
sealed class SequenceRanges
{
    readonly List<(long Low, long High)> _ranges = new(1);

    public bool Contains(long seq)
    {
        var at = FirstEndingAt(seq);
        return at < _ranges.Count && _ranges[at].Low <= seq;
    }

    /// <summary>Adds all numbers from <paramref name="low"/> to <paramref name="high"/>.</summary>
    public void Add(long low, long high)
    {
        var first = FirstEndingAt(low - 1);
        var next = first;
        while (next < _ranges.Count && _ranges[next].Low <= high + 1)
        {
            (low, high) = (Math.Min(low, _ranges[next].Low), Math.Max(high, _ranges[next].High));
            next++;
        }
        if (next == first)
        {
            _ranges.Insert(first, (low, high));
            return;
        }
        _ranges[first] = (low, high);
        _ranges.RemoveRange(first + 1, next - first - 1);
    }

    /// <summary>Index of the first range that ends at a number or behind it. Numbers come in order, so it is one of the last.</summary>
    int FirstEndingAt(long seq)
    {
        var at = _ranges.Count;
        while (at > 0 && _ranges[at - 1].High >= seq)
            at--;
        return at;
    }
}
