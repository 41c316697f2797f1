using System.Text.Unicode;

namespace Forewarn.Ingestion;

/// <summary>Takes Influx's line protocol, plain or gzip: the whole request or nothing of it.</summary>
sealed class LineDoor(IngestionOptions options, DoorGuard guard, BatchPublisher publisher, QualityReporter quality, TimeProvider time)
{
    readonly SeriesCache<SentSeries> _series = new(options.MaxSeriesPerSource);
    readonly SeriesLayouts _layouts = new(options.MaxEntities, options.MaxSeriesPerEntity, quality.Report);

    /// <summary>Takes a request.</summary>
    /// <param name="request">The write.</param>
    /// <param name="database">Where it goes in Influx: <c>db</c>, or <c>bucket</c>; names the entity of lines that name none.</param>
    /// <param name="precision">Of timestamps.</param>
    /// <returns>Why nothing was taken; null when the broker has it all.</returns>
    /// <exception cref="UnavailableException">The broker is away.</exception>
    public async Task<Refusal?> AcceptAsync(HttpRequest request, string? database, string precision)
    {
        if (guard.WhyNotLetIn(request) is { } refused)
            return refused;
        if (!LineTimes.IsPrecision(precision))
            return new(400, "precision", "precision", "must be ns, us, ms, s, m or h");
        if (request.Headers.ContentEncoding.ToString() is not ("" or "gzip" or "identity"))
            return new(415, "media-type", "Content-Encoding", "must be gzip or identity");
        using var place = guard.Enter();
        if (place is null)
            return guard.Busy();
        using var body = await RequestBody.ReadAsync(request, options.MaxBodyBytes, gzip: true);
        if (body.Refusal is not null)
            return body.Refusal;
        if (!Utf8.IsValid(body.Bytes))
            return new(400, "syntax", "$", "is not valid UTF-8");
        var received = time.GetUtcNow().ToUnixTimeMilliseconds();
        var points = new PointCollector(Sources.Influx, _layouts);
        var fallback = Tidy.Entity(string.IsNullOrEmpty(database) ? "influx" : $"influx/{database}");
        if (LineReader.Read(body.Bytes, new LineTimes(precision, received, options.Retention), fallback, _series, points) is { } invalid)
            return invalid;
        var submissions = guard.Signed(request, points.Submissions(received));
        if (points.WhyRejected is { } full)
            return new(429, "series", "$", full);
        return submissions.Count == 0 ? null : await publisher.PublishAsync(submissions, received, request.HttpContext.RequestAborted);
    }
}
