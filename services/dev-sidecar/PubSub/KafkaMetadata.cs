using System.Globalization;
using DevSidecar.Components;
using DevSidecar.DurableLog;

namespace DevSidecar.PubSub;

/// <summary>What the embedded log and real brokers read from <c>pubsub.kafka</c> metadata and from messages in the same way.</summary>
static class KafkaMetadata
{
    /// <summary>Message metadata that choose the partition.</summary>
    public const string PartitionNumber = "partitionNumber";

    /// <param name="fallback">The group of metadata that name none.</param>
    /// <param name="retries">Whether what fails is tried again where the metadata do not say.</param>
    public static KafkaGroup Group(ComponentMetadata metadata, string fallback, bool retries) => new(
        metadata["consumerGroup"] ?? metadata["consumerID"] ?? fallback, StartsAtNewest(metadata), BackOff(metadata, retries))
    {
        IsTransient = metadata.Definition.Metadata.Any(m =>
            m.Name.ToUpperInvariant() is "CONSUMERGROUP" or "CONSUMERID" && m.Value?.Contains("{uuid}", StringComparison.Ordinal) == true),
    };

    public static string? Key(IReadOnlyDictionary<string, string> message) =>
        message.GetValueOrDefault("partitionKey") ?? message.GetValueOrDefault("__key");

    /// <summary>The partition a message goes to: the one asked for with <see cref="PartitionNumber"/>, else by key.</summary>
    /// <exception cref="LogUnavailableException">What was asked for is no partition of the topic.</exception>
    public static int Partition(string? asked, string? key, int partitions)
    {
        if (asked is null)
        {
            return Partitioner.Choose(key, partitions);
        }

        return int.TryParse(asked, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number < partitions
            ? number
            : throw new LogUnavailableException($"{PartitionNumber} '{asked}' is not between 0 and {partitions - 1}");
    }

    /// <summary>What an app is told of a record: its headers, its key and where it came from.</summary>
    public static IEnumerable<KeyValuePair<string, string>> OfRecord(string topic, int partition, LogRecord record)
    {
        foreach (var header in record.Headers)
        {
            yield return header;
        }

        if (record.Key is { } key)
        {
            yield return new("__key", key);
        }

        yield return new("__topic", topic);
        yield return new("__partition", partition.ToString(CultureInfo.InvariantCulture));
        yield return new("__offset", record.Offset.ToString(CultureInfo.InvariantCulture));
        yield return new("__timestamp", record.TimeMs.ToString(CultureInfo.InvariantCulture));
    }

    static bool StartsAtNewest(ComponentMetadata metadata) => (metadata["initialOffset"] ?? "newest") switch
    {
        "newest" => true,
        "oldest" => false,
        var other => throw metadata.Error("initialOffset", $"must be newest or oldest, not '{other}'"),
    };

    static BackOff BackOff(ComponentMetadata metadata, bool retries)
    {
        if (!metadata.Flag("consumeRetryEnabled", retries))
        {
            return DurableLog.BackOff.Default with { MaxRetries = 0 };
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

/// <summary>The consumer group of a component, where it starts and how it retries.</summary>
sealed record KafkaGroup(string Name, bool Newest, BackOff BackOff)
{
    /// <summary>The group of one replica, which ends with it.</summary>
    public bool IsTransient { get; init; }
}
