using System.Text;

namespace Forewarn.Ingestion;

/// <summary>The series of a target: known by the bytes of their line, and which of them the last exposition held. Not thread-safe.</summary>
/// <param name="target">Whose.</param>
/// <param name="sampleLimit">Samples of an exposition at most.</param>
sealed class TargetSeries(ScrapeTarget target, int sampleLimit)
{
    const long HourMs = 3_600_000;

    // A generation that a whole exposition fills would go with each scrape.
    readonly SeriesCache<Scraped> _known = new(2 * sampleLimit);
    readonly ClassicHistograms _histograms = new(2 * sampleLimit);
    List<Scraped> _last = [];
    List<Scraped> _current = [];

    /// <summary>Samples of the last exposition.</summary>
    public int Samples { get; private set; }

    /// <summary>Why a series of the last exposition is not taken; null when all are that are not passed over on purpose.</summary>
    public string? WhyRefused { get; private set; }

    /// <summary>Reads an exposition.</summary>
    /// <param name="text">UTF-8.</param>
    /// <param name="isOpenMetrics">Rather than the text format 0.0.4.</param>
    /// <param name="t">Time of samples without one, unix milliseconds.</param>
    /// <param name="retention">Oldest time, before <paramref name="t"/>; samples before it, or more than an hour ahead, count and are left out.</param>
    /// <param name="points">Takes the samples, and a hole for each series that is gone since the last exposition.</param>
    /// <returns>Why nothing of it may be used; null when it was read.</returns>
    public string? Read(ReadOnlySpan<byte> text, bool isOpenMetrics, long t, TimeSpan retention, PointCollector points)
    {
        (Samples, WhyRefused) = (0, null);
        _current.Clear();
        var buckets = new ClassicBuckets(isWhole: true);
        var reader = new ExpositionReader(text, isOpenMetrics);
        while (reader.Next())
        {
            if (++Samples > sampleLimit)
                return $"it has more than {sampleLimit} samples";
            if (Series(ref reader) is not { } scraped)
                return $"line {reader.Line} has labels that are not in order";
            scraped.SeenAt = t;
            WhyRefused ??= scraped.Series.WhyRefused;
            if (!scraped.IsTaken)
                continue;
            var at = reader.T ?? t;
            // With a time of its own a series ends by itself.
            if (reader.T is null)
                _current.Add(scraped);
            if (at < t - retention.TotalMilliseconds || at > t + HourMs)
                continue;
            if (scraped.Series.Histogram is { } histogram)
                buckets.Add(histogram, scraped.Series.Bound, at, reader.Value);
            else
                points.Add(scraped.Series.Series!, at, double.IsFinite(reader.Value) ? reader.Value : double.NaN);
        }
        if (reader.Failure is not null)
            return reader.Failure;
        buckets.Fold(points);
        WhyRefused ??= buckets.WhyLeftOut;
        foreach (var scraped in _last)
        {
            if (scraped.SeenAt != t)
                Lose(scraped, t, points);
        }
        (_last, _current) = (_current, _last);
        return null;
    }

    /// <summary>The exposition could not be had: a hole for each series of the last one.</summary>
    public void Lose(long t, PointCollector points)
    {
        Samples = 0;
        foreach (var scraped in _last)
            Lose(scraped, t, points);
        _last.Clear();
    }

    static void Lose(Scraped scraped, long t, PointCollector points)
    {
        if (scraped.Series.Series is { } series)
            points.Add(series, t, double.NaN);
        else if (double.IsPositiveInfinity(scraped.Series.Bound))
            scraped.Series.Histogram?.AddHole(points, t);
    }

    Scraped? Series(ref ExpositionReader reader)
    {
        if (_known.TryGet(reader.Series, out var known) && known.Type == reader.Type)
            return known;
        if (ExpositionLabels.Read(reader.Series) is not { } labels)
            return null;
        // What the target calls as it is called itself keeps its word under another name, as in Prometheus.
        for (var i = 0; i < labels.Count; i++)
        {
            if (target.Labels.Any(label => label.Key == labels[i].Key))
                labels[i] = new("exported_" + labels[i].Key, labels[i].Value);
        }
        labels.AddRange(target.Labels);
        var series = PromSeries.Of(labels, reader.Type, Encoding.UTF8.GetString(reader.Unit), _histograms);
        if (known is null)
            _known.Add(reader.Series, known = new Scraped());
        (known.Series, known.Type) = (series, reader.Type);
        return known;
    }

    /// <summary>What a line means; another declaration changes it.</summary>
    sealed class Scraped
    {
        public PromSeries Series { get; set; } = PromSeries.Refused("");
        public PromType Type { get; set; }

        /// <summary>Whether it is published, alone or with the other buckets of its histogram.</summary>
        public bool IsTaken => Series.Series is not null || Series.Histogram is not null;

        /// <summary>Time of the scrape that found it last.</summary>
        public long SeenAt { get; set; }
    }
}
