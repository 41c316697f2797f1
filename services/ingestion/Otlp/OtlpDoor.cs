namespace Forewarn.Ingestion;

/// <summary>Takes metrics of OTLP, whatever carried them. What single points break is told and the others taken.</summary>
sealed class OtlpDoor(IngestionOptions options, DoorGuard guard, BatchPublisher publisher, QualityReporter quality, Telemetry telemetry, TimeProvider time)
{
    readonly SeriesLayouts _layouts = new(options.MaxEntities, options.MaxSeriesPerEntity, quality.Report);
    readonly OtlpIdentities _identities = new([.. options.Otlp.ResourceLabels]);

    /// <summary>Takes an <c>ExportMetricsServiceRequest</c>.</summary>
    /// <param name="request">Its bytes.</param>
    /// <param name="carrier">What brought it, and the key.</param>
    /// <param name="cancellationToken">Ends waiting for the broker.</param>
    public async Task<OtlpAnswer> AcceptAsync(ReadOnlyMemory<byte> request, HttpRequest carrier, CancellationToken cancellationToken)
    {
        var received = time.GetUtcNow().ToUnixTimeMilliseconds();
        var points = new PointCollector(Sources.Otlp, _layouts);
        var reader = new OtlpReader(_identities, points, new OtlpTimes(received, options.Retention));
        if (!reader.TryRead(request.Span))
            return Refuse(new(400, "syntax", "the request", "is no ExportMetricsServiceRequest"));
        var submissions = guard.Signed(carrier, [.. points.Submissions(received).Select(submission => submission with { Attributes = reader.AttributesOf(submission.Entity) })]);
        var (rejected, message) = (reader.Rejected + points.Rejected, points.Rejected > 0 && reader.Rejected == 0 ? points.WhyRejected : reader.Message);
        try
        {
            var (beyond, limit) = await PublishAsync(submissions, received, cancellationToken);
            // A point may be several series here.
            (rejected, message) = (Math.Min(rejected + beyond, reader.Points), rejected > 0 ? message : limit ?? message);
        }
        catch (UnavailableException)
        {
            return Refuse(new(503, "unavailable", "the request", "cannot be passed on, the broker is away; send it again"));
        }
        if (rejected > 0)
            telemetry.Refused("points");
        return new(null, rejected, rejected > 0 ? $"{rejected} of {reader.Points} data points were not taken: {message}" : message);
    }

    /// <summary>Everything at once; where an entity is beyond a limit, the others all the same.</summary>
    /// <returns>How much was not published, and why.</returns>
    async Task<(long Rejected, string? Reason)> PublishAsync(IReadOnlyList<Submission> submissions, long received, CancellationToken cancellationToken)
    {
        if (submissions.Count == 0 || await publisher.PublishAsync(submissions, received, cancellationToken) is null)
            return (0, null);
        var (rejected, reason) = (0L, (string?)null);
        foreach (var entity in submissions.GroupBy(submission => submission.Entity, StringComparer.Ordinal))
        {
            if (await publisher.PublishAsync([.. entity], received, cancellationToken) is not { } refusal)
                continue;
            rejected += entity.Sum(submission => (long)submission.CountSamples());
            reason ??= $"{entity.Key} {refusal.Reason}";
        }
        return (rejected, reason);
    }

    OtlpAnswer Refuse(Refusal refusal)
    {
        telemetry.Refused(refusal.Code);
        return new(refusal, 0, null);
    }
}

/// <summary>What a sender is told.</summary>
/// <param name="Refusal">Why nothing was taken; null when the broker has it.</param>
/// <param name="Rejected">Points that were not taken.</param>
/// <param name="Message">Why the first of them was not, or a warning.</param>
sealed record OtlpAnswer(Refusal? Refusal, long Rejected, string? Message);
