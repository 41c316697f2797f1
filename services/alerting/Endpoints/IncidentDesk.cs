using Forewarn.Alerting.Incidents;
using Forewarn.Contracts;
using Forewarn.Hosting;

namespace Forewarn.Alerting.Endpoints;

/// <summary>Takes what people do to the actors it concerns.</summary>
sealed class IncidentDesk(IncidentDirectory incidents, ServiceInvoker services, KeyedPublisher publisher, TimeProvider time)
{
    public Task<ActionOutcome> DoAsync(string id, IncidentAction action, CancellationToken cancellationToken) =>
        incidents.ActAsync(Fingerprint.FromIncidentId(id)!, action, cancellationToken);

    /// <summary>Ends it and says to whoever learns from it that nothing was wrong.</summary>
    /// <returns>False when there is no such incident.</returns>
    /// <exception cref="Grpc.Core.RpcException">The sidecar or the broker did not take it.</exception>
    public async Task<bool> CallFalseAlarmAsync(string id, string? who, CancellationToken cancellationToken)
    {
        if (Fingerprint.FromIncidentId(id) is null)
            return false;
        // One that is over can still be called one.
        var outcome = await DoAsync(id, new(IncidentActionKind.Resolve, id, who, "a false alarm", null), cancellationToken);
        if (outcome.Incident is not { } incident || incident.Id != id)
            return false;
        var at = time.GetUtcNow().ToUnixTimeMilliseconds();
        var feedback = FeedbackEvent.Of(incident, FeedbackKind.FalseAlarm, who, note: null, at);
        await publisher.PublishAsync(
            Components.Alerts, Topics.Feedback, new Outgoing<FeedbackEvent>(feedback.Entity, $"{feedback.Id}-{at}", feedback), ContractJson.Default.FeedbackEvent, cancellationToken);
        return true;
    }

    /// <summary>Notes a change in all unresolved incidents that concern its entity.</summary>
    /// <exception cref="HttpRequestException">History does not answer.</exception>
    public async Task<IReadOnlyList<IncidentEvent>> ChangeAsync(ChangeRequest change, CancellationToken cancellationToken)
    {
        var open = await services.GetAsync(
            Apps.History, $"v1/incidents?entity={Uri.EscapeDataString(change.Entity)}&status=open,acknowledged", ContractJson.Default.PageIncidentEvent, cancellationToken);
        var told = new List<IncidentEvent>();
        foreach (var incident in open?.Items ?? [])
        {
            var outcome = await DoAsync(incident.Id, new(IncidentActionKind.Change, incident.Id, change.Who, change.Text, change.At), cancellationToken);
            if (outcome is { Refusal: null, Incident: { } changed })
                told.Add(changed);
        }
        return told;
    }
}
