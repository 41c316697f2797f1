using Forewarn.Alerting.Routing;
using Forewarn.Alerting.Silences;
using Forewarn.Contracts;

namespace Forewarn.Alerting.Incidents;

/// <summary>The configuration file and the silences, as this replica knows them.</summary>
sealed class AlertPolicy(IncidentRouting routing, SilenceBook silences) : IAlertPolicy
{
    public Task<RoutingPlan> PlanAsync(IncidentEvent incident) => routing.PlanAsync(incident, CancellationToken.None);

    public SilenceInfo? MutedBy(IncidentEvent incident, long now) => silences.MutedBy(incident, now);
}
