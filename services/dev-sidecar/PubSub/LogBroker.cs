using DevSidecar.Components;
using DevSidecar.DurableLog;

namespace DevSidecar.PubSub;

/// <summary><c>pubsub.kafka</c> without brokers: the durable partitioned log of this runtime.</summary>
sealed class LogBroker : IBroker
{
    readonly EmbeddedLog _log;
    readonly ConsumerGroups _groups;
    readonly BackOff _backOff;
    readonly string _group;
    readonly bool _newest;
    readonly bool _transient;

    public LogBroker(EmbeddedLog log, ConsumerGroups groups, ComponentMetadata metadata, string appId)
    {
        (_log, _groups) = (log, groups);
        _group = KafkaMetadata.Group(metadata, appId);
        _transient = metadata.Definition.Metadata.Any(m =>
            (m.Name.Equals("consumerGroup", StringComparison.OrdinalIgnoreCase) || m.Name.Equals("consumerID", StringComparison.OrdinalIgnoreCase)) && m.Value?.Contains("{uuid}", StringComparison.Ordinal) == true);
        _newest = KafkaMetadata.StartsAtNewest(metadata);
        _backOff = KafkaMetadata.BackOff(metadata);
    }

    public Task PublishAsync(string topic, IReadOnlyList<OutgoingMessage> messages, CancellationToken cancellationToken)
    {
        var target = _log.Topic(topic);
        var records = new NewRecord[messages.Count];
        for (var i = 0; i < records.Length; i++)
        {
            var (value, metadata) = messages[i];
            records[i] = Record(target, value, KafkaMetadata.Key(metadata), [.. metadata]);
        }

        return _log.AppendAsync(target, records);
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
            _log.DeadLetters.Declare(deadLetters, subscription.Topic);
        }

        return _groups.Join(
            _group, _log.Topic(subscription.Topic), _newest, _transient, subscription.MemberId,
            new(_backOff, subscription.Bulk, subscription.MaxCount, subscription.MaxAwait), subscription.Deliver);
    }
}
