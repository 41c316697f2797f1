using System.Globalization;
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
        _group = metadata["consumerGroup"] ?? metadata["consumerID"] ?? appId;
        _transient = metadata.Definition.Metadata.Any(m =>
            (m.Name.Equals("consumerGroup", StringComparison.OrdinalIgnoreCase) || m.Name.Equals("consumerID", StringComparison.OrdinalIgnoreCase)) && m.Value?.Contains("{uuid}", StringComparison.Ordinal) == true);
        _newest = (metadata["initialOffset"] ?? "newest") switch
        {
            "newest" => true,
            "oldest" => false,
            var other => throw metadata.Error("initialOffset", $"must be newest or oldest, not '{other}'"),
        };
        _backOff = BackOffOf(metadata);
    }

    public Task PublishAsync(string topic, IReadOnlyList<OutgoingMessage> messages, CancellationToken cancellationToken)
    {
        var target = _log.Topic(topic);
        var records = new NewRecord[messages.Count];
        for (var i = 0; i < records.Length; i++)
        {
            var (value, metadata) = messages[i];
            var key = metadata.GetValueOrDefault("partitionKey") ?? metadata.GetValueOrDefault("__key");
            records[i] = Record(target, value, key, [.. metadata]);
        }

        return _log.AppendAsync(target, records);
    }

    public IAsyncDisposable Subscribe(BrokerSubscription subscription)
    {
        if (subscription.DeadLetterTopic is { } deadLetters)
        {
            _log.DeadLetters.Declare(deadLetters, subscription.Topic);
        }

        return _groups.Join(
            _group, _log.Topic(subscription.Topic), _newest, _transient, subscription.MemberId,
            new(_backOff, subscription.Bulk, subscription.MaxCount, subscription.MaxAwait), subscription.Deliver);
    }

    /// <summary>A record for a topic, in the partition its metadata or its key say.</summary>
    /// <exception cref="LogUnavailableException">The metadata name a partition the topic does not have.</exception>
    public static NewRecord Record(Topic topic, ReadOnlyMemory<byte> value, string? key, IReadOnlyList<KeyValuePair<string, string>> metadata) =>
        new(PartitionOf(metadata, key, topic.Partitions.Count), key, metadata, value);

    static int PartitionOf(IReadOnlyList<KeyValuePair<string, string>> metadata, string? key, int partitions)
    {
        if (metadata.FirstOrDefault(m => m.Key == "partitionNumber").Value is not { } text)
        {
            return Partitioner.Choose(key, partitions);
        }

        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number < partitions
            ? number
            : throw new LogUnavailableException($"partitionNumber '{text}' is not between 0 and {partitions - 1}");
    }

    static BackOff BackOffOf(ComponentMetadata metadata)
    {
        if (!metadata.Flag("consumeRetryEnabled", fallback: true))
        {
            return BackOff.Default with { MaxRetries = 0 };
        }

        var exponential = (metadata["backOffPolicy"] ?? "constant") switch
        {
            "constant" => false,
            "exponential" => true,
            var other => throw metadata.Error("backOffPolicy", $"must be constant or exponential, not '{other}'"),
        };
        return new(
            exponential,
            exponential
                ? metadata.Duration("backOffInitialInterval", TimeSpan.FromMilliseconds(500))
                : metadata.Duration("backOffDuration", TimeSpan.FromSeconds(5)),
            metadata.Duration("backOffMaxInterval", TimeSpan.FromSeconds(60)),
            metadata.Number("backOffMaxRetries", -1),
            double.Parse(metadata["backOffMultiplier"] ?? "1.5", CultureInfo.InvariantCulture),
            double.Parse(metadata["backOffRandomizationFactor"] ?? "0.5", CultureInfo.InvariantCulture));
    }
}
