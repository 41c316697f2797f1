using Forewarn.Alerting.Routing;

namespace Forewarn.Alerting.Notifications;

/// <summary>A way to reach people.</summary>
public interface INotificationChannel
{
    /// <summary>As <see cref="Target.Channel"/> of the targets it serves.</summary>
    string Name { get; }

    /// <summary>Whether a message of this kind is sent at all.</summary>
    bool Takes(Target target, NotificationKind kind);

    /// <summary>How often it has to hear again what it was told, as it forgets it otherwise; null = it does not forget. Queues look every minute.</summary>
    TimeSpan? RepeatEvery => null;

    /// <summary>What the target shares with others that are as slow as it: the name of its binding.</summary>
    string LaneOf(Target target);

    /// <summary>Returns when the channel has taken the message.</summary>
    /// <returns>What the next message of the same incident needs to know; null = as before.</returns>
    /// <exception cref="DeliveryException">The channel has not taken it.</exception>
    Task<string?> SendAsync(Delivery delivery, CancellationToken cancellationToken);
}

/// <param name="Notification">What is told.</param>
/// <param name="Target">To whom.</param>
/// <param name="Mark">What the channel returned before; null = this is the first.</param>
public sealed record Delivery(Notification Notification, Target Target, string? Mark);

/// <summary>A channel has not taken a message.</summary>
public sealed class DeliveryException(Refusal refusal, Exception? inner = null) : Exception(refusal.Reason, inner)
{
    public Refusal Refusal => refusal;
}
