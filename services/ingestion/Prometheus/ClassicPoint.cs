using System.Runtime.InteropServices;

namespace Forewarn.Ingestion;

/// <summary>The buckets of a classic histogram at one time, as far as they have come.</summary>
sealed class ClassicPoint(ClassicHistogram histogram, long t)
{
    List<double> _bounds = new(16);
    List<double> _counts = new(16);
    long _startMs;
    bool _isAscending = true;

    public ClassicHistogram Histogram => histogram;
    public long T => t;

    /// <summary>Buckets that came.</summary>
    public int Samples { get; private set; }

    /// <summary>Whether one of them was not measured, as where the series end.</summary>
    public bool IsMissing { get; private set; }

    public void Add(double bound, double count, long startMs)
    {
        Samples++;
        _isAscending &= _bounds.Count == 0 || bound > _bounds[^1];
        _bounds.Add(bound);
        _counts.Add(count);
        _startMs = Math.Max(_startMs, startMs);
        IsMissing |= !double.IsFinite(count);
    }

    /// <summary>What they say together; null when some are missing or do not add up.</summary>
    /// <param name="isWhole">Whether none can stand elsewhere.</param>
    public Distribution? Distribution(bool isWhole)
    {
        if (!_isAscending)
            Sort();
        var isClosed = double.IsPositiveInfinity(_bounds[^1]);
        var finite = CollectionsMarshal.AsSpan(_bounds)[..(_bounds.Count - (isClosed ? 1 : 0))];
        if (finite.IsEmpty || finite.Length > Buckets.Most)
            return null;
        // Those without the last bucket tell which bounds there are all the same.
        var bounds = isWhole ? finite.ToArray() : histogram.Bounds.Take(finite, t);
        if (!isClosed || bounds is null || Apart() is not { } counts)
            return null;
        return new Distribution(histogram.Quantiles.Id, t, _startMs, _counts[^1], double.NaN, new ExplicitBuckets(bounds, counts));
    }

    /// <summary>What each bucket holds beyond the one before it; null when one holds less than nothing.</summary>
    double[]? Apart()
    {
        var apart = new double[_counts.Count];
        var below = 0.0;
        for (var i = 0; i < apart.Length; i++)
        {
            apart[i] = _counts[i] - below;
            below = _counts[i];
            if (apart[i] < 0)
                return null;
        }
        return apart;
    }

    void Sort()
    {
        var (bounds, counts) = (new List<double>(_bounds.Count), new List<double>(_bounds.Count));
        foreach (var (bound, count) in _bounds.Zip(_counts).OrderBy(bucket => bucket.First))
        {
            if (bounds.Count > 0 && bounds[^1] == bound)
            {
                counts[^1] = count;
                continue;
            }
            bounds.Add(bound);
            counts.Add(count);
        }
        (_bounds, _counts, _isAscending) = (bounds, counts, true);
    }
}
