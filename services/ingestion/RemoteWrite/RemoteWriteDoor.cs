using Microsoft.Net.Http.Headers;

namespace Forewarn.Ingestion;

/// <summary>What became of a write.</summary>
/// <param name="Refusal">Null when all of it was taken.</param>
/// <param name="Samples">Samples the broker has.</param>
/// <param name="Histograms">Native histograms the broker has.</param>
/// <param name="IncompleteBuckets">Buckets left out because the others of their histogram were not in the request.</param>
sealed record Written(Refusal? Refusal, int Samples = 0, int Histograms = 0, int IncompleteBuckets = 0);

/// <summary>
/// Takes Prometheus' remote write, versions 1.0 and 2.0. What can be taken is taken, and the rest named with a status that
/// ends the sender's attempts: repeating would not change it.
/// </summary>
sealed class RemoteWriteDoor(IngestionOptions options, DoorGuard guard, BatchPublisher publisher, QualityReporter quality, TimeProvider time)
{
    const long HourMs = 3_600_000;

    readonly SeriesLayouts _layouts = new(options.MaxEntities, options.MaxSeriesPerEntity, quality.Report);
    readonly WriteDecoder _decoder = new(options.MaxBodyBytes);

    /// <summary>Takes a request.</summary>
    /// <exception cref="UnavailableException">The broker is away.</exception>
    public async Task<Written> AcceptAsync(HttpRequest request)
    {
        if (guard.WhyNotLetIn(request) is { } refused)
            return new(refused);
        if (WhyNotRead(request, out var isSecond) is { } unread)
            return new(unread);
        using var place = guard.Enter();
        // By default Prometheus gives up what is answered 429, and sends again what is answered 503.
        if (place is null)
            return new(guard.Busy() with { Status = StatusCodes.Status503ServiceUnavailable });
        using var body = await RequestBody.ReadAsync(request, options.MaxBodyBytes);
        if (body.Refusal is not null)
            return new(body.Refusal);
        var received = time.GetUtcNow().ToUnixTimeMilliseconds();
        var sink = new WriteSink(_layouts, received - (long)options.Retention.TotalMilliseconds, received + HourMs);
        if (_decoder.Read(body.Bytes, isSecond, sink) is { } invalid)
            return new(invalid);
        return await PublishAsync(sink, request, received, request.HttpContext.RequestAborted);
    }

    async Task<Written> PublishAsync(WriteSink sink, HttpRequest request, long received, CancellationToken cancellationToken)
    {
        var submissions = guard.Signed(request, [.. sink.Submissions(received).Select(submission => submission with { Attributes = CardOf(submission.Group) })]);
        var (over, why) = (0, sink.WhyRefused);
        if (submissions.Count > 0 && await publisher.PublishAsync(submissions, received, cancellationToken) is not null)
        {
            // Together with other doors an entity may be over a limit; that must not keep the others out.
            foreach (var submission in submissions)
            {
                if (await publisher.PublishAsync([submission], received, cancellationToken) is not { } refusal)
                    continue;
                over += submission.CountSamples();
                why ??= refusal.Reason;
            }
        }
        var taken = Math.Max(0, sink.Samples - over);
        return why is null
            ? new(null, taken, sink.Histograms, sink.IncompleteBuckets)
            : new(new(400, "partial", "$", $"was taken but for {sink.Refused + over} samples, the first of which {why}"), taken, sink.Histograms, sink.IncompleteBuckets);
    }

    /// <summary>All that every series of a job says alike is its name. Null without one.</summary>
    static IReadOnlyDictionary<string, string>? CardOf(string job) => job.Length == 0 ? null : CardAttributes.Fitting([new(PromNames.Job, job)]);

    static Refusal? WhyNotRead(HttpRequest request, out bool isSecond)
    {
        isSecond = false;
        if (request.Headers.ContentEncoding.ToString() is not ("" or "snappy"))
            return new(415, "media-type", HeaderNames.ContentEncoding, "must be snappy");
        // Early senders say nothing; that is version 1.
        if (string.IsNullOrEmpty(request.ContentType))
            return null;
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type) || !type.MediaType.Equals("application/x-protobuf", StringComparison.OrdinalIgnoreCase))
            return new(415, "media-type", HeaderNames.ContentType, "must be application/x-protobuf");
        var message = HeaderUtilities.RemoveQuotes(type.Parameters.FirstOrDefault(parameter => parameter.Name.Equals("proto", StringComparison.OrdinalIgnoreCase))?.Value ?? WriteDecoder.Message1);
        isSecond = message.Equals(WriteDecoder.Message2, StringComparison.Ordinal);
        return isSecond || message.Equals(WriteDecoder.Message1, StringComparison.Ordinal)
            ? null
            : new(415, "media-type", HeaderNames.ContentType, $"must name the message {WriteDecoder.Message1} or {WriteDecoder.Message2}");
    }
}
