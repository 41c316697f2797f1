using DevSidecar.DurableLog;

namespace DevSidecar.PubSub;

/// <summary>A Kafka component without brokers: the durable partitioned log of this runtime.</summary>
sealed class LogBroker(EmbeddedLog log, ConsumerGroups groups, KafkaGroup group) : IBroker
{
    public Task PublishAsync(string topic, IReadOnlyList<OutgoingMessage> messages, CancellationToken cancellationToken)
    {
        var target = log.Topic(topic);
        var records = new NewRecord[messages.Count];
        for (var i = 0; i < records.Length; i++)
        {
            var (value, metadata) = messages[i];
            records[i] = Record(target, value, KafkaMetadata.Key(metadata), [.. metadata]);
        }

        return log.AppendAsync(target, records);
    }

    public IReadOnlyList<IAsyncDisposable> Subscribe(IReadOnlyList<BrokerSubscription> subscriptions) => [.. subscriptions.Select(Join)];

    /// <summary>A record for a topic, in the partition its metadata or its key say.</summary>
    /// <exception cref="LogUnavailableException">The metadata name a partition the topic does not have.</exception>
    public static NewRecord Record(Topic topic, ReadOnlyMemory<byte> value, string? key, IReadOnlyList<KeyValuePair<string, string>> metadata) =>
        new(KafkaMetadata.Partition(metadata.FirstOrDefault(m => m.Key == KafkaMetadata.PartitionNumber).Value, key, topic.Partitions.Count), key, metadata, value);

    GroupMember Join(BrokerSubscription subscription)
    {
        if (subscription.DeadLetterTopic is { } deadLetters)
        {
            log.DeadLetters.Declare(deadLetters, subscription.Topic);
        }

        return groups.Join(
            group.Name, log.Topic(subscription.Topic), group.Newest, group.IsTransient, subscription.MemberId,
            new(group.BackOff, subscription.Bulk, subscription.MaxCount, subscription.MaxAwait), subscription.Deliver);
    }
}
