namespace Forewarn.Analytics;

/// <summary>
/// Every value ever seen, as far as it matters how far a new one is from the nearest of them: sorted, at most
/// <see cref="Capacity"/>; when full, those closer together than twice the median gap are thinned out, where there are
/// many, and never the outermost. What one absurd value stretches is not the resolution of the others.
/// </summary>
sealed class ValueMemory
{
    public const int Capacity = 1024;

    readonly double[] _sorted = new double[Capacity];
    int _count;

    /// <summary>Distance to the nearest value seen before, in the series' unit; 0 for the first. Then remembers the value.</summary>
    public double Take(double value)
    {
        var at = Array.BinarySearch(_sorted, 0, _count, value);
        if (at >= 0)
        {
            return 0;
        }

        at = ~at;
        var nearest = double.PositiveInfinity;
        if (at < _count)
        {
            nearest = _sorted[at] - value;
        }

        if (at > 0)
        {
            nearest = Math.Min(nearest, value - _sorted[at - 1]);
        }

        Array.Copy(_sorted, at, _sorted, at + 1, _count - at);
        _sorted[at] = value;
        if (++_count == Capacity)
        {
            Thin();
        }

        return double.IsFinite(nearest) ? nearest : 0;
    }

    public void Write(BinaryWriter writer)
    {
        writer.Write(_count);
        for (var i = 0; i < _count; i++)
        {
            writer.Write(_sorted[i]);
        }
    }

    public static ValueMemory Read(BinaryReader reader)
    {
        var memory = new ValueMemory { _count = reader.ReadBoundedCount(Capacity - 1) };
        for (var i = 0; i < memory._count; i++)
        {
            memory._sorted[i] = reader.ReadDouble();
        }

        return memory;
    }

    void Thin()
    {
        // At least a quarter goes: half of the gaps are at most the median one, and of those every second is closed at least.
        Span<double> gaps = stackalloc double[Capacity - 1];
        for (var i = 0; i < gaps.Length; i++)
        {
            gaps[i] = _sorted[i + 1] - _sorted[i];
        }

        gaps.Sort();
        var gap = 2 * gaps[gaps.Length / 2];
        var (kept, last) = (1, _sorted[_count - 1]);
        for (var i = 1; i < _count - 1; i++)
        {
            if (_sorted[i] - _sorted[kept - 1] >= gap)
            {
                _sorted[kept++] = _sorted[i];
            }
        }

        _sorted[kept++] = last;
        _count = kept;
    }
}
