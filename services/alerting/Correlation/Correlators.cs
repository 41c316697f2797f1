using Dapr.Actors;
using Dapr.Actors.Client;

namespace Forewarn.Alerting.Correlation;

/// <summary>Reaches the correlator of a scope.</summary>
sealed class Correlators(IActorProxyFactory proxies)
{
    public Task<Assignment[]> AssignAsync(string scope, Onset[] onsets, CancellationToken cancellationToken) =>
        proxies.Create(new ActorId(scope), CorrelatorActor.TypeName)
            .InvokeMethodAsync<Onset[], Assignment[]>(nameof(ICorrelatorActor.Assign), onsets, cancellationToken);
}
