using Confluent.Kafka;
using DevSidecar.DurableLog;

namespace DevSidecar.PubSub.Kafka;

/// <summary>The partitions this replica holds between two rebalances, with the deliveries that run for them.</summary>
sealed class KafkaAssignment : IAsyncDisposable
{
    /// <summary>How long a cancelled delivery has to notice.</summary>
    static readonly TimeSpan Unwind = TimeSpan.FromSeconds(1);

    readonly CancellationTokenSource _closing = new();
    readonly CancellationTokenSource _cancel = new();
    readonly Dictionary<TopicPartition, (PartitionFeed Feed, DeliveryPump Pump)> _partitions = [];

    /// <param name="starts">The partitions and where they start, as far as that is known.</param>
    /// <param name="subscriptions">By topic; of each partition's topic there is one.</param>
    public KafkaAssignment(
        IEnumerable<TopicPartitionOffset> starts, IReadOnlyDictionary<string, BrokerSubscription> subscriptions, KafkaGroup group, TimeProvider time, ILogger logger)
    {
        foreach (var byTopic in starts.GroupBy(s => s.Topic, StringComparer.Ordinal))
        {
            var subscription = subscriptions[byTopic.Key];
            var options = subscription.Bulk
                ? new PumpOptions(group.Name, group.BackOff, subscription.MaxCount, subscription.MaxAwait)
                : new PumpOptions(group.Name, group.BackOff, 1, TimeSpan.Zero);
            var topic = new Topic(0, subscription.Topic, 0);
            PartitionFeed[] feeds = [.. byTopic.Select(s => new PartitionFeed(s.TopicPartition, s.Offset.Value >= 0 ? s.Offset.Value : null))];
            var shared = subscription.Bulk ? Pump(feeds) : null;
            foreach (var feed in feeds)
            {
                _partitions[feed.At] = (feed, shared ?? Pump([feed]));
            }

            DeliveryPump Pump(PartitionFeed[] of) => new(of, options, topic, subscription.Deliver, time, logger, _closing.Token, _cancel.Token);
        }
    }

    public IEnumerable<PartitionFeed> Feeds => _partitions.Values.Select(p => p.Feed);

    /// <summary>The record's partition, or null when it is held no longer.</summary>
    public PartitionFeed? Add(TopicPartition at, LogRecord record, long arrivedAt)
    {
        if (!_partitions.TryGetValue(at, out var entry))
        {
            return null;
        }

        entry.Feed.Add(record, arrivedAt);
        entry.Pump.Wake();
        return entry.Feed;
    }

    /// <summary>Takes nothing more. Deliveries in flight may go on.</summary>
    public void Close()
    {
        foreach (var feed in Feeds)
        {
            feed.Close();
        }

        _closing.Cancel();
    }

    /// <summary>Closes and blocks until the deliveries in flight have ended; what lasts longer than <paramref name="drain"/> is cancelled.</summary>
    public void End(TimeSpan drain, TimeProvider time)
    {
        Close();
        var started = time.GetTimestamp();
        var idle = Feeds.All(f => f.WaitIdle(Left(drain)));
        if (idle)
        {
            return;
        }

        _cancel.Cancel();
        foreach (var feed in Feeds)
        {
            feed.WaitIdle(Left(drain + Unwind));
        }

        TimeSpan Left(TimeSpan limit) => limit - time.GetElapsedTime(started) is var left && left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    public async ValueTask DisposeAsync()
    {
        Close();
        await _cancel.CancelAsync();
        await Task.WhenAll(_partitions.Values.Select(p => p.Pump.Ended));
        foreach (var feed in Feeds)
        {
            feed.Dispose();
        }

        _closing.Dispose();
        _cancel.Dispose();
    }
}
