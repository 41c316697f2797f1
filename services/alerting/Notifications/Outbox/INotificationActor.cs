using Dapr.Actors;

namespace Forewarn.Alerting.Notifications;

/// <summary>One actor per incident and receiver: the durable queue of what that receiver is told. It sends nothing itself, so no turn lasts long.</summary>
public interface INotificationActor : IActor
{
    /// <summary>Keeps notifications and hands what is due to this process's <see cref="DeliveryPump"/>.</summary>
    Task Enqueue(NotificationBatch batch);

    /// <summary>Hands what is due to the pump.</summary>
    Task Wake();

    /// <summary>Renews the right to an attempt whose turn came late.</summary>
    Task<Renewal> Renew(RenewRequest request);

    /// <summary>Keeps how an attempt ended.</summary>
    Task Settle(DeliveryOutcome outcome);

    /// <summary>The incident knows of an outcome.</summary>
    Task Reported(Contracts.DeliveryState report);
}

/// <param name="Notifications">All of one incident and receiver, in their order.</param>
public sealed record NotificationBatch(IReadOnlyList<Notification> Notifications);

/// <param name="Channel">As <see cref="Contracts.DeliveryState.Channel"/>.</param>
/// <param name="Notification">Id.</param>
/// <param name="Holder">Who asks.</param>
public sealed record RenewRequest(string Channel, string Notification, LeaseHolder Holder);

/// <param name="Work">Null: it is done, or somebody else's by now.</param>
public sealed record Renewal(DeliveryWork? Work);
