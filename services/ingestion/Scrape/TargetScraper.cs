using System.Net;

namespace Forewarn.Ingestion;

/// <summary>What all targets share.</summary>
sealed class ScrapeDoor(IngestionOptions options, QualityReporter quality) : IDisposable
{
    public SeriesLayouts Layouts { get; } = new(options.MaxEntities, options.MaxSeriesPerEntity, quality.Report);

    /// <summary>A redirect could lead a token to somebody else, and a proxy is not what is asked.</summary>
    public HttpClient Http { get; } = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseProxy = false,
        UseCookies = false,
        AutomaticDecompression = DecompressionMethods.GZip,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    public int MaxBodyBytes => options.Scrape.MaxBodyBytes;
    public TimeSpan Retention => options.Retention;

    public void Dispose() => Http.Dispose();
}

/// <summary>What came of asking a target.</summary>
/// <param name="Submissions">To be published.</param>
/// <param name="Failure">Why it counts as down; null when it is up.</param>
/// <param name="LeftOut">Why some of its series are not taken; null when all are.</param>
sealed record ScrapeResult(IReadOnlyList<Submission> Submissions, string? Failure, string? LeftOut);

/// <summary>
/// Asks one target. Beside what it exposes there are always <c>up</c> (1 or 0), <c>scrape_duration_seconds</c> and <c>scrape_samples_scraped</c>, so that a target
/// that is down is told from one that is not asked. Not thread-safe.
/// </summary>
sealed class TargetScraper
{
    readonly ScrapeTarget _target;
    readonly ScrapeJobOptions _job;
    readonly ScrapeDoor _door;
    readonly TimeProvider _time;
    readonly TargetSeries _series;
    readonly SentSeries _up;
    readonly SentSeries _duration;
    readonly SentSeries _samples;

    public TargetScraper(ScrapeTarget target, ScrapeJobOptions job, ScrapeDoor door, TimeProvider time)
    {
        (_target, _job, _door, _time) = (target, job, door, time);
        _series = new TargetSeries(target, job.SampleLimit);
        (_up, _duration, _samples) = (Own("up"), Own("scrape_duration_seconds"), Own("scrape_samples_scraped"));

        SentSeries Own(string name) => PromSeries.Of([new(PromNames.Name, name), .. target.Labels], PromType.Gauge, "").Series!;
    }

    /// <summary>Asks the target once.</summary>
    /// <param name="t">Event time, unix milliseconds.</param>
    public async Task<ScrapeResult> ScrapeAsync(long t, CancellationToken cancellationToken)
    {
        var start = _time.GetTimestamp();
        var points = new PointCollector(Sources.Scrape, _door.Layouts);
        var failure = await TryReadAsync(t, points, cancellationToken);
        if (failure is not null)
        {
            // What was read before a broken line does not count.
            points = new PointCollector(Sources.Scrape, _door.Layouts);
            _series.Lose(t, points);
        }
        points.Add(_up, t, failure is null ? 1 : 0);
        points.Add(_duration, t, _time.GetElapsedTime(start).TotalSeconds);
        points.Add(_samples, t, _series.Samples);
        // What it tells of others is nothing that its own labels describe.
        var submissions = points.Submissions(_time.GetUtcNow().ToUnixTimeMilliseconds())
            .Select(submission => submission.Entity == _up.Entity ? submission with { Attributes = _target.Card } : submission);
        return new([.. submissions], failure, points.WhyRejected ?? (failure is null ? _series.WhyRefused : null));
    }

    async Task<string?> TryReadAsync(long t, PointCollector points, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(_job.Timeout, _time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            using var fetched = await Fetched.GetAsync(_door.Http, _target.Url, await TokenAsync(both.Token), _door.MaxBodyBytes, _job.Timeout, both.Token);
            return fetched.Failure ?? _series.Read(fetched.Text, fetched.IsOpenMetrics, t, _door.Retention, points);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return $"it does not answer within {_job.Timeout.TotalMilliseconds:0} ms";
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return $"its token cannot be read: {unreadable.Message}";
        }
    }

    async Task<string?> TokenAsync(CancellationToken cancellationToken) =>
        string.IsNullOrEmpty(_job.BearerTokenFile) ? _job.BearerToken : (await File.ReadAllTextAsync(_job.BearerTokenFile, cancellationToken)).Trim();
}
