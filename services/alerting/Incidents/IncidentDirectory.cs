using Dapr.Actors;
using Dapr.Actors.Client;

namespace Forewarn.Alerting.Incidents;

/// <summary>Reaches the actor of a fingerprint.</summary>
sealed class IncidentDirectory(IActorProxyFactory proxies)
{
    public Task ObserveAsync(string fingerprint, DetectionFold fold, CancellationToken cancellationToken) =>
        Proxy(fingerprint).InvokeMethodAsync(nameof(IIncidentActor.Observe), fold, cancellationToken);

    public Task<bool> AcknowledgeAsync(string fingerprint, string incidentId, CancellationToken cancellationToken) =>
        Proxy(fingerprint).InvokeMethodAsync<string, bool>(nameof(IIncidentActor.Acknowledge), incidentId, cancellationToken);

    public Task RehearseAsync(string fingerprint, DetectionFold fold, CancellationToken cancellationToken) =>
        Proxy(fingerprint).InvokeMethodAsync(nameof(IIncidentActor.Rehearse), fold, cancellationToken);

    ActorProxy Proxy(string fingerprint) => proxies.Create(new ActorId(fingerprint), IncidentActor.TypeName);
}
