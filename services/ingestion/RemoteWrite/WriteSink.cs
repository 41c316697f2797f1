namespace Forewarn.Ingestion;

/// <summary>Takes what a write holds and counts what becomes of it.</summary>
/// <param name="layouts">Of the door.</param>
/// <param name="oldest">Oldest time taken, unix milliseconds.</param>
/// <param name="newest">Newest time taken, unix milliseconds.</param>
sealed class WriteSink(SeriesLayouts layouts, long oldest, long newest)
{
    readonly PointCollector _samples = new(Sources.RemoteWrite, layouts);
    readonly ClassicBuckets _buckets = new(isWhole: false);
    PointCollector? _histograms;
    int _taken;
    int _passedOver;
    int _refused;
    int _refusedHistograms;
    int _takenHistograms;
    string? _why;

    /// <summary>Samples that were taken, to be published.</summary>
    public int Samples => _taken + _buckets.Taken - _samples.Rejected;

    /// <summary>Native histograms that were taken, each of two series.</summary>
    public int Histograms => _takenHistograms - RejectedHistograms;

    /// <summary>Samples and histograms with no place here whatever comes: what is wrong with the first of them is <see cref="WhyRefused"/>.</summary>
    public int Refused => _refused + _refusedHistograms + _samples.Rejected + RejectedHistograms;

    /// <summary>Null when nothing is refused.</summary>
    public string? WhyRefused => _why ?? _samples.WhyRejected ?? _histograms?.WhyRejected;

    /// <summary>Samples that are left out on purpose.</summary>
    public int PassedOver => _passedOver + _buckets.LeftOut;

    /// <summary>Buckets left out because the others of their histogram are not in the request.</summary>
    public int IncompleteBuckets => _buckets.LeftOut;

    int RejectedHistograms => ((_histograms?.Rejected ?? 0) + 1) / 2;

    public void Add(PromSeries series, long t, double value, long startMs)
    {
        if (series.Role == PromRole.PassedOver)
            _passedOver++;
        else if (WhyNot(series, t) is { } reason)
            Refuse(ref _refused, reason);
        else if (series.Histogram is { } histogram)
            _buckets.Add(histogram, series.Bound, t, value, startMs);
        else
        {
            // A stale marker, another NaN, an infinity: not measured.
            _samples.Add(series.Series!, t, double.IsFinite(value) ? value : double.NaN, startMs);
            _taken++;
        }
    }

    /// <summary>The request has been read to its end: buckets become quantiles.</summary>
    public void Complete() => _buckets.Fold(_samples);

    public void Add(PromHistogram series, in NativeHistogram point)
    {
        if (WhyNot(series.Count, point.T) is { } reason)
        {
            Refuse(ref _refusedHistograms, reason);
            return;
        }
        _takenHistograms++;
        _histograms ??= new PointCollector(Sources.RemoteWrite, layouts);
        _histograms.Add(series.Count.Series!, point.T, double.IsFinite(point.Count) ? point.Count : double.NaN);
        _histograms.Add(series.Sum.Series!, point.T, double.IsFinite(point.Sum) ? point.Sum : double.NaN);
    }

    /// <summary>All that was taken and has room.</summary>
    /// <param name="now">Unix milliseconds.</param>
    public IReadOnlyList<Submission> Submissions(long now) =>
        _histograms is null ? _samples.Submissions(now) : [.. _samples.Submissions(now), .. _histograms.Submissions(now)];

    string? WhyNot(PromSeries series, long t) =>
        series.WhyRefused
        ?? (t < oldest ? "is older than what is kept (INGESTION__RETENTIONDAYS)" : t > newest ? "lies more than an hour ahead" : null);

    void Refuse(ref int count, string reason)
    {
        count++;
        _why ??= reason;
    }
}
