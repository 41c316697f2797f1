using Forewarn.Alerting.Notifications;
using Forewarn.Contracts;

namespace Forewarn.Alerting.Incidents;

/// <summary>Takes word of deliveries to their incidents.</summary>
sealed class DeliveryReports(IncidentDirectory incidents) : IDeliveryReports
{
    public Task ReportAsync(string incidentId, DeliveryState state, long at, CancellationToken cancellationToken) =>
        Fingerprint.FromIncidentId(incidentId) is { } fingerprint
            ? incidents.ReportAsync(fingerprint, new DeliveryReport(incidentId, state), cancellationToken)
            : Task.CompletedTask;
}
