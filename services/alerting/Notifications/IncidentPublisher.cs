using System.Globalization;
using Forewarn.Contracts;
using Forewarn.Hosting;

namespace Forewarn.Alerting.Notifications;

/// <summary>Puts each revision of an incident on the topic; its id makes a repeat recognisable.</summary>
sealed class IncidentPublisher(KeyedPublisher publisher)
{
    public Task PublishAsync(IncidentEvent incident)
    {
        var id = string.Create(CultureInfo.InvariantCulture, $"{incident.Id}-{incident.Revision}");
        return publisher.PublishAsync(
            Components.Alerts, Topics.Incidents, new Outgoing<IncidentEvent>(incident.Entity, id, incident),
            ContractJson.Default.IncidentEvent, CancellationToken.None);
    }
}
