using Forewarn.Alerting.Routing;

namespace Forewarn.Alerting.Notifications;

/// <summary>Finds receivers by name, as configured now.</summary>
public interface IReceivers
{
    Receiver? Find(string name);
}

/// <summary>Which channel serves which target of which receiver.</summary>
sealed class ChannelCatalog
{
    readonly Dictionary<string, INotificationChannel> _channels;
    readonly IReceivers _receivers;

    public ChannelCatalog(IEnumerable<INotificationChannel> channels, IReceivers receivers, Telemetry telemetry)
    {
        _channels = channels.ToDictionary(channel => channel.Name, StringComparer.Ordinal);
        _receivers = receivers;
        foreach (var name in _channels.Keys)
            telemetry.Expect(name);
    }

    /// <summary>The receiver's channels that send messages of this kind; empty when there is no such receiver.</summary>
    public IReadOnlyList<string> Taking(string receiver, NotificationKind kind) => Targets(receiver)
        .Where(target => _channels.TryGetValue(target.Channel, out var channel) && channel.Takes(target, kind))
        .Select(target => target.Channel)
        .ToList();

    /// <summary>Null when the receiver has no such channel any more.</summary>
    public (INotificationChannel Channel, Target Target)? Find(string receiver, string channel) =>
        Targets(receiver).FirstOrDefault(target => target.Channel == channel) is { } found && _channels.TryGetValue(channel, out var serving)
            ? (serving, found)
            : null;

    public string LaneOf(string receiver, string channel) => Find(receiver, channel) is var (serving, target) ? serving.LaneOf(target) : channel;

    /// <summary>As <see cref="INotificationChannel.RepeatEvery"/>; null too when the receiver has no such channel any more.</summary>
    public TimeSpan? RepeatEvery(string receiver, string channel) => Find(receiver, channel) is var (serving, _) ? serving.RepeatEvery : null;

    IReadOnlyList<Target> Targets(string receiver) =>
        receiver == Rehearsal.Receiver.Name ? Rehearsal.Receiver.Targets : _receivers.Find(receiver)?.Targets ?? [];
}
