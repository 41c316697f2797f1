using Forewarn.Contracts;
using Forewarn.Hosting;
using Grpc.Core;

namespace Forewarn.Ingestion;

/// <summary>What became of a request.</summary>
/// <param name="Refusal">Why it, or a part of it, was not taken; null when all of it was.</param>
/// <param name="Accepted">Alerts that the broker has.</param>
/// <param name="Ignored">Alerts that we had told ourselves.</param>
/// <param name="Refused">Alerts that are not in order.</param>
sealed record TakenAlerts(Refusal? Refusal, int Accepted = 0, int Ignored = 0, int Refused = 0);

/// <summary>Takes alerts of other systems, and publishes each as a detection. What its sender repeats is published again: that keeps it open.</summary>
sealed class AlertDoor(IngestionOptions options, DoorGuard guard, KeyedPublisher publisher, TimeProvider time)
{
    /// <exception cref="UnavailableException">The broker is away.</exception>
    public async Task<TakenAlerts> AcceptAsync(HttpRequest request, AlertForm form)
    {
        if ((guard.WhyNotLetIn(request) ?? JsonHead.WhyNotRead(request)) is { } refused)
            return new(refused);
        using var place = guard.Enter();
        // Alertmanager sends again what is answered 5xx, and gives up what is answered 429.
        if (place is null)
            return new(guard.Busy() with { Status = StatusCodes.Status503ServiceUnavailable });
        using var body = await RequestBody.ReadAsync(request, options.MaxBodyBytes);
        if (body.Refusal is not null)
            return new(body.Refusal);
        var received = time.GetUtcNow().ToUnixTimeMilliseconds();
        var read = AlertReader.Read(body.Memory, form, received);
        var foreign = read.Alerts.Where(alert => !AlertDetections.IsOurs(alert)).ToList();
        await PublishAsync(foreign.ConvertAll(alert => AlertDetections.Of(alert, received, options.Alerts)), request.HttpContext.RequestAborted);
        return new(Named(read), foreign.Count, read.Alerts.Count - foreign.Count, read.Refused);
    }

    async Task PublishAsync(List<Detection> detections, CancellationToken cancellationToken)
    {
        try
        {
            var outgoing = detections.ConvertAll(detection => new Outgoing<Detection>(detection.Entity, detection.Id, detection));
            await publisher.PublishAsync(Components.Alerts, Topics.Detections, outgoing, ContractJson.Default.Detection, cancellationToken);
        }
        catch (RpcException outage) when (!cancellationToken.IsCancellationRequested)
        {
            throw new UnavailableException(outage.Status.Detail, outage);
        }
    }

    /// <summary>Nobody should think that all of it was refused.</summary>
    static Refusal? Named(ReadAlerts read) => read is { Refusal: { } refusal, Refused: > 0 } && read.Refused + read.Alerts.Count > 1
        ? refusal with { Reason = FormattableString.Invariant($"{refusal.Reason}; {read.Refused} of {read.Refused + read.Alerts.Count} alerts are refused, the others taken") }
        : read.Refusal;
}
