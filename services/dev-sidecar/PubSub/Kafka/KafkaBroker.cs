namespace DevSidecar.PubSub.Kafka;

/// <summary>A Kafka component with brokers: Kafka over the wire, as one app sees it.</summary>
sealed class KafkaBroker(KafkaConnection connection, KafkaGroup group, TimeProvider time, ILogger logger) : IBroker
{
    public Task PublishAsync(string topic, IReadOnlyList<OutgoingMessage> messages, CancellationToken cancellationToken) =>
        connection.PublishAsync(topic, messages, cancellationToken);

    public IReadOnlyList<IAsyncDisposable> Subscribe(IReadOnlyList<BrokerSubscription> subscriptions) =>
        [new KafkaConsumer(connection, group, subscriptions, time, logger)];
}
