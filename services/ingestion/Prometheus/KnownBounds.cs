namespace Forewarn.Ingestion;

/// <summary>
/// The bounds of a classic histogram's buckets as they were seen, so that a request that holds only some of them is told from one that holds all: senders cut
/// what they send wherever a request is full. Thread-safe.
/// </summary>
sealed class KnownBounds
{
    /// <summary>A bound that has not come for so long is none any more: the application has other buckets now.</summary>
    public const long ForgottenMs = 300_000;

    readonly Lock _lock = new();
    double[] _bounds = [];
    long[] _seen = [];

    /// <summary>Takes the bounds that a request holds of one time.</summary>
    /// <param name="bounds">Finite, strictly ascending, at most <see cref="Buckets.Most"/>.</param>
    /// <param name="t">Unix milliseconds.</param>
    /// <returns>The same, never changed; null when some are missing that have been seen within <see cref="ForgottenMs"/> before.</returns>
    public double[]? Take(ReadOnlySpan<double> bounds, long t)
    {
        lock (_lock)
        {
            if (!bounds.SequenceEqual(_bounds))
                Merge(bounds, t);
            if (bounds.Length != _bounds.Length)
                return null;
            for (var i = 0; i < _seen.Length; i++)
                _seen[i] = Math.Max(_seen[i], t);
            return _bounds;
        }
    }

    void Merge(ReadOnlySpan<double> bounds, long t)
    {
        var merged = new SortedDictionary<double, long>();
        for (var i = 0; i < _bounds.Length; i++)
        {
            if (_seen[i] >= t - ForgottenMs)
                merged[_bounds[i]] = _seen[i];
        }
        foreach (var bound in bounds)
            merged[bound] = Math.Max(merged.GetValueOrDefault(bound, t), t);
        if (merged.Count > Buckets.Most)
            merged.Clear();
        (_bounds, _seen) = ([.. merged.Keys], [.. merged.Values]);
    }
}
