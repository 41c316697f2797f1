using Forewarn.Contracts;
using Forewarn.Hosting;

namespace Forewarn.Gateway.Feedback;

/// <summary>Makes messages of what people say: with the incident's own row and model, so that nobody has to look them up later.</summary>
sealed class FeedbackDesk(ServiceInvoker services, KeyedPublisher publisher, TimeProvider time)
{
    /// <summary>The message, or why there is none.</summary>
    /// <exception cref="HttpRequestException">History does not answer.</exception>
    public async Task<(FeedbackEvent? Message, string? Refusal)> OfIncidentAsync(string id, FeedbackRequest request, CancellationToken cancellationToken)
    {
        if (await services.GetAsync(Apps.History, $"v1/incidents/{Uri.EscapeDataString(id)}", ContractJson.Default.IncidentEvent, cancellationToken) is not { } incident)
            return (null, null);
        return Checked(FeedbackEvent.Of(incident, request.Kind, request.Who, request.Note, Now()));
    }

    /// <summary>The message, or why there is none.</summary>
    public (FeedbackEvent? Message, string? Refusal) OfMissed(FeedbackRequest request)
    {
        if (request is not { Entity: { } entity, From: { } from, To: { } to })
            return (null, "entity, from and to are needed: which host, and when?");
        return Checked(new FeedbackEvent
        {
            Id = FeedbackEvent.IdOf(entity, from, to),
            Kind = request.Kind,
            Entity = entity,
            From = from,
            To = to,
            Who = request.Who,
            Note = request.Note,
            At = Now(),
        });
    }

    /// <exception cref="Grpc.Core.RpcException">The sidecar or the broker did not take it.</exception>
    public Task PublishAsync(FeedbackEvent message, CancellationToken cancellationToken) => publisher.PublishAsync(
        Components.Alerts, Topics.Feedback, new Outgoing<FeedbackEvent>(message.Entity, $"{message.Id}-{message.At}", message),
        ContractJson.Default.FeedbackEvent, cancellationToken);

    static (FeedbackEvent? Message, string? Refusal) Checked(FeedbackEvent message) =>
        FeedbackRules.WhyNot(message) is { } reason ? (null, reason) : (message, null);

    long Now() => time.GetUtcNow().ToUnixTimeMilliseconds();
}
