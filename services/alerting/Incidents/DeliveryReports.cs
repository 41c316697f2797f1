using Forewarn.Alerting.Notifications;
using Forewarn.Contracts;

namespace Forewarn.Alerting.Incidents;

/// <summary>Takes word of deliveries to their incidents, and of tests to where tests are kept. What has neither, a summary of a limited route, needs none.</summary>
sealed class DeliveryReports(IncidentDirectory incidents, TestReports tests) : IDeliveryReports
{
    public Task ReportAsync(string incidentId, DeliveryState state, long at, CancellationToken cancellationToken)
    {
        if (TestReports.IsTest(incidentId))
            return tests.ReportAsync(incidentId, state, cancellationToken);
        return Fingerprint.FromIncidentId(incidentId) is { } fingerprint
            ? incidents.ReportAsync(fingerprint, new DeliveryReport(incidentId, state), cancellationToken)
            : Task.CompletedTask;
    }
}
