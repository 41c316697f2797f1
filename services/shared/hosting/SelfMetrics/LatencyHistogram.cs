namespace Forewarn.Hosting;

/// <summary>What a window of requests looked like; percentiles are NaN without any request.</summary>
readonly record struct LatencyWindow(long Count, long Errors, double P50, double P99);

/// <summary>
/// Durations in buckets that grow by 5 % from 10 µs to beyond 100 s, so a percentile is at most 2.5 % off. Recording is
/// one increment.
/// </summary>
sealed class LatencyHistogram
{
    const double Smallest = 1e-5;
    const double Growth = 1.05;
    const int Buckets = 340;

    static readonly double _logGrowth = Math.Log(Growth);

    readonly long[] _counts = new long[Buckets];
    long _errors;

    public void Record(double seconds, bool error)
    {
        var bucket = seconds <= Smallest ? 0 : (int)Math.Min(Buckets - 1, Math.Ceiling(Math.Log(seconds / Smallest) / _logGrowth));
        Interlocked.Increment(ref _counts[bucket]);
        if (error)
            Interlocked.Increment(ref _errors);
    }

    /// <summary>Ends the window and begins the next.</summary>
    public LatencyWindow Take()
    {
        Span<long> counts = stackalloc long[Buckets];
        var total = 0L;
        for (var i = 0; i < Buckets; i++)
            total += counts[i] = Interlocked.Exchange(ref _counts[i], 0);
        return new(total, Interlocked.Exchange(ref _errors, 0), Percentile(counts, total, 0.5), Percentile(counts, total, 0.99));
    }

    static double Percentile(ReadOnlySpan<long> counts, long total, double quantile)
    {
        if (total == 0)
            return double.NaN;
        var rank = Math.Ceiling(total * quantile);
        var seen = 0L;
        var bucket = 0;
        while ((seen += counts[bucket]) < rank)
            bucket++;
        // The geometric middle of the bucket halves its relative error.
        return Smallest * Math.Pow(Growth, bucket - 0.5);
    }
}
