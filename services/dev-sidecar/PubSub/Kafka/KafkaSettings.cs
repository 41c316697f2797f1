using System.Text.RegularExpressions;
using Confluent.Kafka;
using DevSidecar.Components;

namespace DevSidecar.PubSub.Kafka;

/// <summary>
/// Dapr's Kafka metadata as settings of the client. What Dapr documents and this client cannot do stops the start and is named.
/// </summary>
sealed class KafkaSettings
{
    /// <summary>Sarama's limit of one request, and Dapr's default.</summary>
    const int DefaultMessageBytes = 1024 * 1024;

    /// <summary>How long a broker may hold an idle fetch. It answers at once when there is something; this bounds brokers that do not wake a waiting fetch.</summary>
    const int FetchWaitMs = 100;

    static readonly string[] Unsupported =
        ["schemaRegistryURL", "schemaRegistryAPIKey", "schemaRegistryAPISecret", "backOffMaxElapsedTime"];

    readonly ComponentMetadata _metadata;

    public KafkaSettings(ComponentMetadata metadata)
    {
        _metadata = metadata;
        Brokers = metadata.Required("brokers");
        if (Array.Find(Unsupported, key => metadata[key] is not null) is { } refused)
        {
            throw metadata.Error(refused, "is not supported by this sidecar: remove it or run daprd");
        }

        if (metadata.Flag("useAvroJSON"))
        {
            throw metadata.Error("useAvroJSON", "is not supported by this sidecar: there is no schema registry; remove it or run daprd");
        }

        BufferSize = Math.Max(1, metadata.Number("channelBufferSize", 256));
        RetryPause = metadata["consumeRetryInterval"] is { } text && int.TryParse(text, out var milliseconds)
            ? TimeSpan.FromMilliseconds(milliseconds)
            : metadata.Duration("consumeRetryInterval", TimeSpan.FromMilliseconds(100));
        MetadataTimeout = Positive("metadataTimeout", TimeSpan.FromSeconds(5));
        MetadataAge = Positive("clientConnectionTopicMetadataRefreshInterval", TimeSpan.FromMinutes(1));
        EscapeHeaders = metadata.Flag("escapeHeaders");
        ExcludedHeaders = Pattern("excludeHeaderMetaRegex");

        // Built once here so that every mistake stops the start and not the first call.
        _ = Producer();
        _ = Consumer("start-up", newest: true);
    }

    public string Brokers { get; }

    /// <summary>Messages of a partition held ready for the app.</summary>
    public int BufferSize { get; }

    /// <summary>How long to wait before consumption is tried again after an error.</summary>
    public TimeSpan RetryPause { get; }

    public TimeSpan MetadataTimeout { get; }

    /// <summary>Partition counts older than this are asked for again.</summary>
    public TimeSpan MetadataAge { get; }

    public bool EscapeHeaders { get; }

    public Regex? ExcludedHeaders { get; }

    public ProducerConfig Producer()
    {
        var acks = (_metadata["producerRequiredAcks"] ?? "all").ToUpperInvariant() switch
        {
            "ALL" or "-1" => Acks.All,
            "1" or "LOCAL" => Acks.Leader,
            "0" or "NONE" => Acks.None,
            var other => throw _metadata.Error("producerRequiredAcks", $"must be all, 1 or 0, not '{other}'"),
        };
        return new(Client())
        {
            Acks = acks,
            EnableIdempotence = acks == Acks.All,
            MessageSendMaxRetries = Math.Max(1, _metadata.Number("producerRetryMax", 5)),
            MessageTimeoutMs = Milliseconds("writeTimeout", TimeSpan.FromSeconds(10)),
            MessageMaxBytes = _metadata.Number("maxMessageBytes", DefaultMessageBytes),
            LingerMs = 1,
            CompressionType = (_metadata["compression"] ?? "none").ToUpperInvariant() switch
            {
                "NONE" => CompressionType.None,
                "GZIP" => CompressionType.Gzip,
                "SNAPPY" => CompressionType.Snappy,
                "LZ4" => CompressionType.Lz4,
                "ZSTD" => CompressionType.Zstd,
                var other => throw _metadata.Error("compression", $"must be none, gzip, snappy, lz4 or zstd, not '{other}'"),
            },
        };
    }

    public ConsumerConfig Consumer(string group, bool newest)
    {
        var config = new ConsumerConfig(Client())
        {
            GroupId = group,
            AutoOffsetReset = newest ? AutoOffsetReset.Latest : AutoOffsetReset.Earliest,
            // The client commits by itself, but only what was stored: what the app has taken.
            EnableAutoOffsetStore = false,
            EnableAutoCommit = true,
            AutoCommitIntervalMs = 200,
            AllowAutoCreateTopics = true,
            SessionTimeoutMs = Milliseconds("sessionTimeout", TimeSpan.FromSeconds(10)),
            HeartbeatIntervalMs = Milliseconds("heartbeatInterval", TimeSpan.FromSeconds(3)),
            FetchMinBytes = _metadata.Number("consumerFetchMin", 1),
            MaxPartitionFetchBytes = _metadata.Number("consumerFetchDefault", 1024 * 1024),
            FetchWaitMaxMs = FetchWaitMs,
            QueuedMinMessages = BufferSize,
            // Consumption holds its own buffer: this one is refilled as soon as there is room in it.
            FetchQueueBackoffMs = 10,
            PartitionAssignmentStrategy = (_metadata["consumerGroupRebalanceStrategy"] ?? "range").ToUpperInvariant() switch
            {
                "RANGE" => PartitionAssignmentStrategy.Range,
                "ROUNDROBIN" => PartitionAssignmentStrategy.RoundRobin,
                var other => throw _metadata.Error("consumerGroupRebalanceStrategy", $"must be range or roundrobin here, not '{other}'"),
            },
        };
        return config;
    }

    ClientConfig Client()
    {
        var config = new ClientConfig
        {
            BootstrapServers = Brokers,
            ClientId = _metadata["clientID"] ?? "sarama",
            SocketConnectionSetupTimeoutMs = Milliseconds("dialTimeout", TimeSpan.FromSeconds(30)),
            SocketTimeoutMs = Milliseconds("readTimeout", TimeSpan.FromSeconds(30)),
            SocketKeepaliveEnable = _metadata.Duration("clientConnectionKeepAliveInterval", TimeSpan.Zero) > TimeSpan.Zero,
            TopicMetadataRefreshIntervalMs = (int)MetadataAge.TotalMilliseconds,
            // The client's own 10 s would keep consumers waiting after the broker is back.
            ReconnectBackoffMaxMs = 1000,
        };
        KafkaSecurity.Apply(_metadata, config);
        return config;
    }

    int Milliseconds(string key, TimeSpan fallback) => (int)Positive(key, fallback).TotalMilliseconds;

    TimeSpan Positive(string key, TimeSpan fallback) =>
        _metadata.Duration(key, fallback) is var value && value > TimeSpan.Zero ? value : fallback;

    Regex? Pattern(string key)
    {
        try
        {
            return _metadata[key] is { } pattern ? new(pattern, RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1)) : null;
        }
        catch (ArgumentException e)
        {
            throw _metadata.Error(key, $"is not a regular expression: {e.Message}");
        }
    }
}
