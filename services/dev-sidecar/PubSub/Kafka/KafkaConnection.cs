using Confluent.Kafka;
using DevSidecar.Components;
using DevSidecar.DurableLog;

namespace DevSidecar.PubSub.Kafka;

/// <summary>
/// The brokers of one component: a producer and what is known of topics. Replicas with the same metadata share it. Nothing is
/// opened before the first use, and brokers that are away do not stop the start.
/// </summary>
sealed class KafkaConnection : IDisposable
{
    readonly Lock _lock = new();
    readonly ILogger _logger;
    Client? _client;
    bool _broken;
    bool _disposed;

    public KafkaConnection(ComponentMetadata metadata, TimeProvider time, ILogger logger)
    {
        _logger = logger;
        Settings = new(metadata);
        Topics = new(() => Open().Admin, Settings, time, logger);
    }

    public KafkaSettings Settings { get; }

    public KafkaTopics Topics { get; }

    /// <summary>Completes when every record has reached the brokers. Records of one partition keep their order.</summary>
    /// <exception cref="LogUnavailableException">A record was not taken; others of the same call may have been.</exception>
    public async Task PublishAsync(string topic, IReadOnlyList<OutgoingMessage> messages, CancellationToken cancellationToken)
    {
        var partitions = await Topics.PartitionsAsync(topic, cancellationToken);
        var producer = Open().Producer;
        var sent = new Task[messages.Count];
        try
        {
            for (var i = 0; i < sent.Length; i++)
            {
                var key = KafkaMetadata.Key(messages[i].Metadata);
                var partition = new TopicPartition(topic, KafkaMetadata.Partition(messages[i].Metadata.GetValueOrDefault(KafkaMetadata.PartitionNumber), key, partitions));
                sent[i] = producer.ProduceAsync(partition, KafkaRecords.Write(messages[i], key, Settings), cancellationToken);
            }

            await Task.WhenAll(sent);
        }
        catch (KafkaException e)
        {
            if (e.Error.Code is ErrorCode.Local_UnknownPartition or ErrorCode.Local_UnknownTopic or ErrorCode.UnknownTopicOrPart)
            {
                Topics.Forget(topic);
            }

            throw new LogUnavailableException($"Kafka at {Settings.Brokers} has not taken the message: {e.Error.Reason}", e);
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            _client?.Dispose();
            _client = null;
        }
    }

    Client Open()
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_broken)
            {
                // A fatal error of an idempotent producer is final: only a new one gets a new producer id.
                _client?.Dispose();
                (_client, _broken) = (null, false);
            }

            return _client ??= new(Settings, OnError, _logger);
        }
    }

    void OnError(Error error)
    {
        _broken |= error.IsFatal;
        Log.KafkaTrouble(_logger, Settings.Brokers, error.Reason);
    }

    sealed class Client : IDisposable
    {
        public Client(KafkaSettings settings, Action<Error> onError, ILogger logger)
        {
            Producer = new ProducerBuilder<string?, byte[]>(settings.Producer())
                .SetKeySerializer(KafkaRecords.KeySerializer)
                .SetErrorHandler((_, error) => onError(error))
                .SetLogHandler((_, message) => Log.KafkaClient(logger, message.Message))
                .Build();
            Admin = new DependentAdminClientBuilder(Producer.Handle).Build();
        }

        public IProducer<string?, byte[]> Producer { get; }

        public IAdminClient Admin { get; }

        public void Dispose()
        {
            Admin.Dispose();
            Producer.Dispose();
        }
    }
}
