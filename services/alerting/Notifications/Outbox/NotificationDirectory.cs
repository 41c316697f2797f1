using Dapr.Actors;
using Dapr.Actors.Client;
using Forewarn.Contracts;

namespace Forewarn.Alerting.Notifications;

/// <summary>Reaches the queue of an incident and receiver.</summary>
sealed class NotificationDirectory(IActorProxyFactory proxies)
{
    /// <summary>Receivers are named by people; an actor's id is part of an address.</summary>
    public static string QueueOf(string incident, string receiver) => $"{incident}.{ContentHash.Of(receiver)}";

    public Task EnqueueAsync(string queue, NotificationBatch batch, CancellationToken cancellationToken) =>
        Proxy(queue).InvokeMethodAsync(nameof(INotificationActor.Enqueue), batch, cancellationToken);

    public Task WakeAsync(string queue, CancellationToken cancellationToken) =>
        Proxy(queue).InvokeMethodAsync(nameof(INotificationActor.Wake), cancellationToken);

    public async Task<DeliveryWork?> RenewAsync(string queue, RenewRequest request, CancellationToken cancellationToken) =>
        (await Proxy(queue).InvokeMethodAsync<RenewRequest, Renewal>(nameof(INotificationActor.Renew), request, cancellationToken)).Work;

    public Task SettleAsync(string queue, DeliveryOutcome outcome, CancellationToken cancellationToken) =>
        Proxy(queue).InvokeMethodAsync(nameof(INotificationActor.Settle), outcome, cancellationToken);

    public Task ReportedAsync(string queue, DeliveryState report, CancellationToken cancellationToken) =>
        Proxy(queue).InvokeMethodAsync(nameof(INotificationActor.Reported), report, cancellationToken);

    ActorProxy Proxy(string queue) => proxies.Create(new ActorId(queue), NotificationActor.TypeName);
}
