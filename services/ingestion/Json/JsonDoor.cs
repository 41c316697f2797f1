namespace Forewarn.Ingestion;

/// <summary>The JSON door: the whole request or nothing of it.</summary>
sealed class JsonDoor(IngestionOptions options, DoorGuard guard, BatchPublisher publisher, ShapeCache shapes, TimeProvider time)
{
    /// <summary>Takes a request.</summary>
    /// <returns>The number of samples the broker has acknowledged, or why there are none.</returns>
    /// <exception cref="UnavailableException">The broker is away.</exception>
    public async Task<(Refusal? Refusal, int Samples)> AcceptAsync(HttpRequest request)
    {
        if ((guard.WhyNotLetIn(request) ?? JsonHead.WhyNotRead(request)) is { } refused)
            return (refused, 0);
        using var place = guard.Enter();
        if (place is null)
            return (guard.Busy(), 0);
        using var body = await RequestBody.ReadAsync(request, options.MaxBodyBytes);
        if (body.Refusal is not null)
            return (body.Refusal, 0);
        var received = time.GetUtcNow().ToUnixTimeMilliseconds();
        if (ExternalReader.Read(body.Bytes, Sources.Json, received, options, shapes, out var submissions) is { } invalid)
            return (invalid, 0);
        var refusal = await publisher.PublishAsync(guard.Signed(request, submissions), received, request.HttpContext.RequestAborted);
        return (refusal, refusal is null ? submissions.Sum(submission => submission.CountSamples()) : 0);
    }
}
