namespace Forewarn.Ingestion;

/// <summary>
/// Buckets between given bounds, each with its upper bound: explicit buckets of OpenTelemetry, <c>le</c> of Prometheus (its
/// cumulative counts taken apart first).
/// </summary>
/// <param name="bounds">Strictly ascending.</param>
/// <param name="counts">One more than bounds; the last is of what lies above them all.</param>
sealed class ExplicitBuckets(double[] bounds, double[] counts) : Buckets
{
    public override double Total { get; } = counts.Sum();

    public override bool TrySince(Buckets earlier, out Buckets? increase)
    {
        increase = null;
        if (earlier is not ExplicitBuckets other || !bounds.AsSpan().SequenceEqual(other.Bounds))
            return true;
        var added = new double[counts.Length];
        for (var i = 0; i < added.Length; i++)
        {
            added[i] = counts[i] - other.Counts[i];
            if (added[i] < 0)
                return false;
        }
        increase = new ExplicitBuckets(bounds, added);
        return true;
    }

    /// <inheritdoc/>
    /// <remarks>
    /// Linear within a bucket, as Prometheus' <c>histogram_quantile</c>: the first begins at 0 where its bound is above that; what lies above the
    /// greatest bound counts as that bound. A known smallest or greatest value narrows both.
    /// </remarks>
    public override double Quantile(double level, double min = double.NaN, double max = double.NaN)
    {
        if (!(Total > 0) || (bounds.Length == 0 && !(double.IsFinite(min) && double.IsFinite(max))))
            return double.NaN;
        var (rank, below, last) = (level * Total, 0.0, counts.Length - 1);
        var at = 0;
        // A bucket that holds nothing says nothing, even when the rank lies at its edge.
        while (at < last && (counts[at] == 0 || below + counts[at] < rank))
            below += counts[at++];
        while (at > 0 && counts[at] == 0)
            below -= counts[--at];
        var lower = at == 0 ? First(min) : bounds[at - 1];
        var upper = at == last ? double.IsFinite(max) ? max : bounds[^1] : bounds[at];
        if (min > lower)
            lower = min;
        if (max < upper)
            upper = max;
        var share = counts[at] > 0 ? Math.Clamp((rank - below) / counts[at], 0, 1) : 1;
        return lower >= upper ? upper : lower + ((upper - lower) * share);
    }

    double[] Bounds => bounds;
    double[] Counts => counts;

    double First(double min) => double.IsFinite(min) ? min : bounds[0] > 0 ? 0 : bounds[0];
}
