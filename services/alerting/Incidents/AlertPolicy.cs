using Forewarn.Alerting.Routing;
using Forewarn.Contracts;

namespace Forewarn.Alerting.Incidents;

/// <summary>Everything goes to the console.</summary>
sealed class AlertPolicy : IAlertPolicy
{
    static readonly RoutingPlan _plan = new(["all"], ["console"], []);

    public RoutingPlan PlanFor(IncidentEvent incident, DateTimeOffset now) => _plan;

    public SilenceInfo? MutedBy(IncidentEvent incident, long now) => null;
}
