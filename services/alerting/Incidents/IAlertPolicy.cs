using Forewarn.Alerting.Routing;
using Forewarn.Contracts;

namespace Forewarn.Alerting.Incidents;

/// <summary>What the configuration and people's silences say of an incident at this moment.</summary>
public interface IAlertPolicy
{
    /// <summary>Who is told; asked again for the same incident, limits answer as before.</summary>
    Task<RoutingPlan> PlanAsync(IncidentEvent incident);

    /// <summary>The silence over it; null = none.</summary>
    SilenceInfo? MutedBy(IncidentEvent incident, long now);
}
