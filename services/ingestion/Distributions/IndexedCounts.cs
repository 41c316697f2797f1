namespace Forewarn.Ingestion;

/// <summary>Counts of neighbouring buckets. <c>default</c> is none.</summary>
/// <param name="offset">Index of the first.</param>
/// <param name="counts">In the order of their indices.</param>
readonly struct IndexedCounts(int offset, double[] counts)
{
    readonly double[]? _counts = counts;

    public int Offset { get; } = offset;
    public double[] Counts => _counts ?? [];
    public double Total => Counts.Sum();

    /// <summary>In buckets 2^<paramref name="steps"/> times as wide.</summary>
    public IndexedCounts Coarser(int steps)
    {
        if (steps == 0 || Counts.Length == 0)
            return this;
        var shift = Math.Min(steps, 31);
        var first = Offset >> shift;
        var wider = new double[(int)((Offset + (long)Counts.Length - 1 >> shift) - first + 1)];
        for (var i = 0; i < Counts.Length; i++)
            wider[(int)((Offset + (long)i >> shift) - first)] += Counts[i];
        return new IndexedCounts(first, wider);
    }

    /// <summary>Takes away the buckets that end at <paramref name="end"/> or before.</summary>
    /// <returns>What they held.</returns>
    public double CutBelow(double end, out IndexedCounts rest)
    {
        var cut = (int)Math.Clamp(Math.Floor(end) - Offset, 0, Counts.Length);
        var held = Counts[..cut].Sum();
        // Last: who calls may put the rest in this one's place.
        rest = new IndexedCounts(Offset + cut, Counts[cut..]);
        return held;
    }

    /// <summary>Less those of an earlier point; false when a bucket would hold less than nothing.</summary>
    public bool TryMinus(IndexedCounts earlier, out IndexedCounts difference)
    {
        var left = (double[])Counts.Clone();
        difference = new IndexedCounts(Offset, left);
        for (var i = 0; i < earlier.Counts.Length; i++)
        {
            if (earlier.Counts[i] == 0)
                continue;
            var at = earlier.Offset + (long)i - Offset;
            if (at < 0 || at >= left.Length || (left[at] -= earlier.Counts[i]) < 0)
                return false;
        }
        return true;
    }
}
