using Microsoft.Net.Http.Headers;
using Snappier;

namespace Forewarn.Ingestion;

/// <summary>What became of a write.</summary>
/// <param name="Refusal">Null when all of it was taken.</param>
/// <param name="Samples">Samples the broker has.</param>
/// <param name="Histograms">Native histograms the broker has.</param>
sealed record Written(Refusal? Refusal, int Samples = 0, int Histograms = 0);

/// <summary>
/// Takes Prometheus' remote write, versions 1.0 and 2.0. What can be taken is taken, and the rest named with a status that
/// ends the sender's attempts: repeating would not change it.
/// </summary>
sealed class RemoteWriteDoor(IngestionOptions options, DoorGuard guard, BatchPublisher publisher, TimeProvider time)
{
    const string Message1 = "prometheus.WriteRequest";
    const string Message2 = "io.prometheus.write.v2.Request";
    const long HourMs = 3_600_000;

    readonly SeriesLayouts _layouts = new(options.MaxEntities, options.MaxSeriesPerEntity);
    readonly DeclaredTypes _types = new();
    readonly KnownSeries _known1 = new();
    readonly KnownSeries _known2 = new();

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
        if (Read(body.Bytes, isSecond, sink) is { } invalid)
            return new(invalid);
        return await PublishAsync(sink, received, request.HttpContext.RequestAborted);
    }

    /// <summary>Reads a body as it came.</summary>
    /// <param name="body">Snappy, block format.</param>
    /// <param name="isSecond">Message of version 2.0.</param>
    /// <param name="sink">Takes what it holds.</param>
    /// <returns>Why nothing of it may be used.</returns>
    public Refusal? Read(ReadOnlySpan<byte> body, bool isSecond, WriteSink sink)
    {
        try
        {
            // Before anything is unpacked: a few bytes can say that they are gigabytes.
            if (Snappy.GetUncompressedLength(body) > options.MaxBodyBytes)
                return new(413, "too-large", "$", $"unpacks to more than {options.MaxBodyBytes} bytes (INGESTION__MAXBODYBYTES); lower max_samples_per_send");
            using var message = Snappy.DecompressToMemory(body);
            if (!isSecond)
                return new WriteReader1(_known1, _types).Read(message.Memory.Span, sink) ? null : Broken(Message1);
            var reader = new WriteReader2(_known2);
            return reader.Read(message.Memory.Span, sink) ? null : reader.WhyRefused is { } why ? new(400, "content", "$", why) : Broken(Message2);
        }
        catch (InvalidDataException)
        {
            return new(400, "syntax", "$", "is not packed with Snappy's block format");
        }
    }

    async Task<Written> PublishAsync(WriteSink sink, long received, CancellationToken cancellationToken)
    {
        var submissions = sink.Submissions(received);
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
            ? new(null, taken, sink.Histograms)
            : new(new(400, "partial", "$", $"was taken but for {sink.Refused + over} samples, the first of which {why}"), taken, sink.Histograms);
    }

    static Refusal Broken(string message) => new(400, "syntax", "$", $"is no {message}");

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
        var message = HeaderUtilities.RemoveQuotes(type.Parameters.FirstOrDefault(parameter => parameter.Name.Equals("proto", StringComparison.OrdinalIgnoreCase))?.Value ?? Message1);
        isSecond = message.Equals(Message2, StringComparison.Ordinal);
        return isSecond || message.Equals(Message1, StringComparison.Ordinal)
            ? null
            : new(415, "media-type", HeaderNames.ContentType, $"must name the message {Message1} or {Message2}");
    }
}
