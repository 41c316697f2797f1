using DevSidecar.DurableLog;

namespace DevSidecar.PubSub;

/// <summary>A message on its way to a broker: bytes as they will be stored.</summary>
readonly record struct OutgoingMessage(ReadOnlyMemory<byte> Value, IReadOnlyDictionary<string, string> Metadata);

/// <summary>What a subscription asks of a broker.</summary>
sealed record BrokerSubscription(string Topic, string MemberId, bool Bulk, int MaxCount, TimeSpan MaxAwait, Deliver Deliver)
{
    /// <summary>Where what the app refuses for good goes.</summary>
    public string? DeadLetterTopic { get; init; }
}

/// <summary>A message broker as one app sees it through one component.</summary>
interface IBroker
{
    /// <summary>Completes when the broker has taken every message.</summary>
    Task PublishAsync(string topic, IReadOnlyList<OutgoingMessage> messages, CancellationToken cancellationToken);

    /// <summary>Begins the deliveries of one replica, each topic at most once; disposing what comes back ends them.</summary>
    IReadOnlyList<IAsyncDisposable> Subscribe(IReadOnlyList<BrokerSubscription> subscriptions);
}
