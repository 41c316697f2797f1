using Dapr;
using Dapr.Actors;
using Dapr.Actors.Client;
using Forewarn.Contracts;

namespace Forewarn.Alerting.Routing;

/// <summary>Who is told of an incident now, limits included.</summary>
sealed class IncidentRouting(AlertConfigSource config, IActorProxyFactory proxies, TimeProvider time, ILogger<IncidentRouting> logger)
{
    /// <summary>To be asked once, when an incident opens; asked again for the same incident, limits answer as before.</summary>
    public async Task<RoutingPlan> PlanAsync(IncidentEvent incident, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var current = config.Current.Config;
        var heldBack = new List<string>();
        foreach (var route in Router.Holding(current, incident, now).Where(route => route.Limit is not null))
        {
            if (!await TryTakeAsync(route, incident, now.ToUnixTimeMilliseconds(), cancellationToken))
                heldBack.Add(route.Name);
        }
        return Router.PlanFor(current, incident, now, heldBack);
    }

    async Task<bool> TryTakeAsync(Route route, IncidentEvent incident, long now, CancellationToken cancellationToken)
    {
        var request = new LimitedIncident(new HeldIncident(incident.Id, incident.Entity, incident.Severity, incident.Summary), now);
        try
        {
            return await proxies.Create(new ActorId(route.Name), RouteLimiter.TypeName)
                .InvokeMethodAsync<LimitedIncident, bool>(nameof(IRouteLimiter.TryTake), request, cancellationToken);
        }
        catch (Exception outage) when (outage is DaprException or HttpRequestException)
        {
            // One message too many is better than none.
            Log.LimitNotAsked(logger, route.Name, outage.Message);
            return true;
        }
    }
}
