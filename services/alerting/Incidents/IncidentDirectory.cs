using Dapr.Actors;
using Dapr.Actors.Client;

namespace Forewarn.Alerting.Incidents;

/// <summary>Reaches the actor of an incident.</summary>
sealed class IncidentDirectory(IActorProxyFactory proxies)
{
    public Task ObserveAsync(DetectionFold fold, CancellationToken cancellationToken) =>
        Proxy(fold.Lead).InvokeMethodAsync(nameof(IIncidentActor.Observe), fold, cancellationToken);

    /// <param name="fingerprint">Of the incident's lead.</param>
    public Task<ActionOutcome> ActAsync(string fingerprint, IncidentAction action, CancellationToken cancellationToken) =>
        Proxy(fingerprint).InvokeMethodAsync<IncidentAction, ActionOutcome>(nameof(IIncidentActor.Act), action, cancellationToken);

    /// <param name="fingerprint">Of the incident's lead.</param>
    public Task ReportAsync(string fingerprint, DeliveryReport report, CancellationToken cancellationToken) =>
        Proxy(fingerprint).InvokeMethodAsync(nameof(IIncidentActor.Report), report, cancellationToken);

    public Task RehearseAsync(DetectionFold fold, CancellationToken cancellationToken) =>
        Proxy(fold.Lead).InvokeMethodAsync(nameof(IIncidentActor.Rehearse), fold, cancellationToken);

    ActorProxy Proxy(string fingerprint) => proxies.Create(new ActorId(fingerprint), IncidentActor.TypeName);
}
