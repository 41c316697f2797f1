using System.Globalization;
using DevSidecar.Components;
using DevSidecar.DurableLog;

namespace DevSidecar.PubSub;

/// <summary>What the embedded log and real brokers read from <c>pubsub.kafka</c> metadata and from messages in the same way.</summary>
static class KafkaMetadata
{
    /// <summary>Message metadata that choose the partition.</summary>
    public const string PartitionNumber = "partitionNumber";

    public static string Group(ComponentMetadata metadata, string appId) => metadata["consumerGroup"] ?? metadata["consumerID"] ?? appId;

    public static bool StartsAtNewest(ComponentMetadata metadata) => (metadata["initialOffset"] ?? "newest") switch
    {
        "newest" => true,
        "oldest" => false,
        var other => throw metadata.Error("initialOffset", $"must be newest or oldest, not '{other}'"),
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

    public static BackOff BackOff(ComponentMetadata metadata)
    {
        if (!metadata.Flag("consumeRetryEnabled", fallback: true))
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
