using DevSidecar.Components;
using DevSidecar.DurableLog;

namespace DevSidecar.PubSub.Kafka;

/// <summary><c>pubsub.kafka</c> with brokers: Kafka over the wire, as one app sees it.</summary>
sealed class KafkaBroker(KafkaConnection connection, ComponentMetadata metadata, string appId, TimeProvider time, ILogger logger) : IBroker
{
    readonly string _group = KafkaMetadata.Group(metadata, appId);
    readonly bool _newest = KafkaMetadata.StartsAtNewest(metadata);
    readonly BackOff _backOff = KafkaMetadata.BackOff(metadata);

    public Task PublishAsync(string topic, IReadOnlyList<OutgoingMessage> messages, CancellationToken cancellationToken) =>
        connection.PublishAsync(topic, messages, cancellationToken);

    public IReadOnlyList<IAsyncDisposable> Subscribe(IReadOnlyList<BrokerSubscription> subscriptions) =>
        [new KafkaConsumer(connection, new(_group, _newest, _backOff), subscriptions, time, logger)];
}

/// <summary>The consumer group of a component, where it starts and how it retries.</summary>
sealed record KafkaGroup(string Name, bool Newest, BackOff BackOff);
