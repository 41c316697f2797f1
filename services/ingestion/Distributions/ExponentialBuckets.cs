namespace Forewarn.Ingestion;

/// <summary>
/// Buckets whose bounds grow by a constant factor: exponential histograms of OpenTelemetry, native ones of Prometheus. The bucket of
/// index i holds (b^i, b^(i+1)] with b = 2^(2^-scale) (OpenTelemetry, "Metrics Data Model", ExponentialHistogram).
/// </summary>
/// <param name="scale">Greater is finer.</param>
/// <param name="zeroCount">Values nearer to zero than <paramref name="zeroThreshold"/>.</param>
/// <param name="zeroThreshold">At least 0.</param>
/// <param name="positive">Of values above zero.</param>
/// <param name="negative">Of values below zero, by their magnitude.</param>
sealed class ExponentialBuckets(int scale, double zeroCount, double zeroThreshold, IndexedCounts positive, IndexedCounts negative) : Buckets
{
    public override double Total { get; } = zeroCount + positive.Total + negative.Total;

    public override bool TrySince(Buckets earlier, out Buckets? increase)
    {
        increase = null;
        if (earlier is not ExponentialBuckets other)
            return true;
        var (coarsest, threshold) = (Math.Min(scale, other.Scale), Math.Max(zeroThreshold, other.ZeroThreshold));
        var (now, before) = (At(coarsest, threshold), other.At(coarsest, threshold));
        if (now.ZeroCount < before.ZeroCount
            || !now.Positive.TryMinus(before.Positive, out var above) || !now.Negative.TryMinus(before.Negative, out var below))
            return false;
        increase = new ExponentialBuckets(coarsest, now.ZeroCount - before.ZeroCount, threshold, above, below);
        return true;
    }

    /// <inheritdoc/>
    /// <remarks>Geometric within a bucket, linear within that of zero.</remarks>
    public override double Quantile(double level, double min = double.NaN, double max = double.NaN)
    {
        if (!(Total > 0))
            return double.NaN;
        var rank = level * Total;
        for (var i = negative.Counts.Length - 1; i >= 0; i--)
        {
            if (Within(ref rank, negative.Counts[i], out var share))
                return Narrow(-Bound(negative.Offset + (double)i + 1 - share), min, max);
        }
        if (Within(ref rank, zeroCount, out var part))
            return Narrow(ZeroAt(part), min, max);
        for (var i = 0; i < positive.Counts.Length; i++)
        {
            if (Within(ref rank, positive.Counts[i], out var share))
                return Narrow(Bound(positive.Offset + (double)i + share), min, max);
        }
        // Sums of counts may round below the rank: then it is the greatest value.
        return Narrow(Greatest(), min, max);
    }

    int Scale => scale;
    double ZeroCount => zeroCount;
    double ZeroThreshold => zeroThreshold;
    IndexedCounts Positive => positive;
    IndexedCounts Negative => negative;

    /// <summary>Whether the rank lies in a bucket, and how far in it; otherwise it is counted on from the bucket's end.</summary>
    static bool Within(ref double rank, double count, out double share)
    {
        share = rank / count;
        if (count > 0 && share <= 1)
            return true;
        rank -= count;
        return false;
    }

    static double Narrow(double value, double min, double max) => value < min ? min : value > max ? max : double.IsFinite(value) ? value : double.NaN;

    double Bound(double index) => Math.Pow(2, Math.ScaleB(index, -scale));

    // Without values of the other sign those near zero lie on one side of it.
    double ZeroAt(double share)
    {
        var lower = negative.Total > 0 || positive.Total == 0 ? -zeroThreshold : 0;
        var upper = positive.Total > 0 || negative.Total == 0 ? zeroThreshold : 0;
        return lower + ((upper - lower) * share);
    }

    double Greatest()
    {
        for (var i = positive.Counts.Length - 1; i >= 0; i--)
        {
            if (positive.Counts[i] > 0)
                return Bound(positive.Offset + (double)i + 1);
        }
        return zeroCount > 0 ? zeroThreshold : 0;
    }

    ExponentialBuckets At(int coarser, double threshold)
    {
        if (coarser == scale && threshold == zeroThreshold)
            return this;
        var (above, below) = (positive.Coarser(scale - coarser), negative.Coarser(scale - coarser));
        var zero = zeroCount;
        if (threshold > zeroThreshold)
        {
            // What the other point counts as zero, this one's lowest buckets hold.
            var first = Math.ScaleB(Math.Log2(threshold), coarser);
            zero += above.CutBelow(first, out above) + below.CutBelow(first, out below);
        }
        return new ExponentialBuckets(coarser, zero, threshold, above, below);
    }
}
