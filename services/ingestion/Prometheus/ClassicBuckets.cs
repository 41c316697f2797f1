namespace Forewarn.Ingestion;

/// <summary>
/// Puts together the buckets of classic histograms that a request or an exposition holds, each a sample of its own. Histograms that are not all there
/// are left out and counted, never guessed.
/// </summary>
/// <param name="isWhole">Whether the buckets of a histogram are known to stand together, as in an exposition.</param>
sealed class ClassicBuckets(bool isWhole)
{
    readonly Dictionary<(ClassicHistogram Histogram, long T), ClassicPoint> _points = [];
    ClassicPoint? _last;

    /// <summary>Samples of the histograms that were published.</summary>
    public int Taken { get; private set; }

    /// <summary>Samples of those that were left out.</summary>
    public int LeftOut { get; private set; }

    /// <summary>Why the first of those was; null when none was.</summary>
    public string? WhyLeftOut { get; private set; }

    /// <summary>Takes a bucket; of two of the same bound and time the later counts.</summary>
    /// <param name="histogram">Whose.</param>
    /// <param name="bound">What its values are at most; infinite for all.</param>
    /// <param name="t">Unix milliseconds.</param>
    /// <param name="count">How many values are at most that.</param>
    /// <param name="startMs">When counting began, unix milliseconds; 0 when not said.</param>
    public void Add(ClassicHistogram histogram, double bound, long t, double count, long startMs = 0)
    {
        // They stand one behind the other.
        if (_last is null || _last.T != t || !ReferenceEquals(_last.Histogram, histogram))
            _last = PointOf(histogram, t);
        _last.Add(bound, count, startMs);
    }

    /// <summary>Publishes what has come together, once.</summary>
    public void Fold(PointCollector points)
    {
        foreach (var point in _points.Values)
        {
            if (point.IsMissing)
                point.Histogram.AddHole(points, point.T);
            else if (point.Distribution(isWhole) is { } distribution)
                points.Add(point.Histogram.Quantiles, distribution);
            else
            {
                LeftOut += point.Samples;
                WhyLeftOut ??= $"has buckets that are no whole histogram: {point.Histogram.Quantiles.Id}";
                continue;
            }
            Taken += point.Samples;
        }
        _points.Clear();
        _last = null;
    }

    ClassicPoint PointOf(ClassicHistogram histogram, long t)
    {
        if (!_points.TryGetValue((histogram, t), out var point))
            _points[(histogram, t)] = point = new ClassicPoint(histogram, t);
        return point;
    }
}
