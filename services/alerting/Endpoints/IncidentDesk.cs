using Forewarn.Alerting.Incidents;
using Forewarn.Contracts;
using Forewarn.Hosting;

namespace Forewarn.Alerting.Endpoints;

/// <summary>Takes what people do to the actors it concerns.</summary>
sealed class IncidentDesk(IncidentDirectory incidents, ServiceInvoker services)
{
    public Task<ActionOutcome> DoAsync(string id, IncidentAction action, CancellationToken cancellationToken) =>
        incidents.ActAsync(Fingerprint.FromIncidentId(id)!, action, cancellationToken);

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
