using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using DevSidecar.DurableLog;

namespace DevSidecar.PubSub.Kafka;

/// <summary>
/// Knows how many partitions a topic has. On first use it asks the broker to make the topic; where that is not allowed it
/// relies on the broker's own creation of topics that are asked for.
/// </summary>
sealed class KafkaTopics(Func<IAdminClient> admin, KafkaSettings settings, TimeProvider time, ILogger logger)
{
    /// <summary>As many as a topic of the embedded log has.</summary>
    const int Partitions = 12;

    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    readonly ConcurrentDictionary<string, (int Partitions, long AskedAt)> _known = new(StringComparer.Ordinal);
    readonly Lock _lock = new();
    readonly Dictionary<string, Task<int>> _asking = new(StringComparer.Ordinal);
    bool _mayCreate = true;

    /// <exception cref="LogUnavailableException">The broker is away or has no such topic and makes none.</exception>
    public ValueTask<int> PartitionsAsync(string topic, CancellationToken cancellationToken)
    {
        if (IsFresh(topic, out var partitions))
        {
            return new(partitions);
        }

        // Whoever asks for a topic meanwhile waits for the same answer; other topics do not wait for it.
        lock (_lock)
        {
            ref var asking = ref CollectionsMarshal.GetValueRefOrAddDefault(_asking, topic, out _);
            asking ??= Task.Run(() => AskOnceAsync(topic), CancellationToken.None);
            return new(asking.WaitAsync(cancellationToken));
        }
    }

    /// <summary>The count turned out to be wrong.</summary>
    public void Forget(string topic) => _known.TryRemove(topic, out _);

    bool IsFresh(string topic, out int partitions)
    {
        var found = _known.TryGetValue(topic, out var entry);
        partitions = entry.Partitions;
        return found && time.GetElapsedTime(entry.AskedAt) < settings.MetadataAge;
    }

    async Task<int> AskOnceAsync(string topic)
    {
        try
        {
            return await AskAsync(topic);
        }
        finally
        {
            lock (_lock)
            {
                _asking.Remove(topic);
            }
        }
    }

    async Task<int> AskAsync(string topic)
    {
        var started = time.GetTimestamp();
        if (!_known.ContainsKey(topic) && _mayCreate)
        {
            await CreateAsync(topic);
        }

        while (true)
        {
            var (partitions, problem) = await ReadAsync(topic);
            if (partitions > 0)
            {
                _known[topic] = (partitions, time.GetTimestamp());
                return partitions;
            }

            if (_known.TryGetValue(topic, out var old))
            {
                // The broker is away: whether the message can be taken, sending will tell.
                return old.Partitions;
            }

            if (time.GetElapsedTime(started) > settings.MetadataTimeout)
            {
                throw new LogUnavailableException(
                    $"Kafka at {settings.Brokers} does not know topic '{topic}' and has not made it: {problem}. Check that the brokers can be reached, or create the topic.");
            }

            await Task.Delay(Pause, time, CancellationToken.None);
        }
    }

    async Task<(int Partitions, string Problem)> ReadAsync(string topic)
    {
        try
        {
            var metadata = await Task.Run(() => admin().GetMetadata(topic, settings.MetadataTimeout), CancellationToken.None);
            var found = metadata.Topics.Find(t => t.Topic == topic);
            return found is null || found.Error.IsError ? (0, found?.Error.Reason ?? "no such topic") : (found.Partitions.Count, "it has no partitions");
        }
        catch (KafkaException e)
        {
            return (0, e.Error.Reason);
        }
    }

    async Task CreateAsync(string topic)
    {
        var specification = new TopicSpecification { Name = topic, NumPartitions = Partitions, ReplicationFactor = -1 };
        try
        {
            var options = new CreateTopicsOptions { RequestTimeout = settings.MetadataTimeout, OperationTimeout = settings.MetadataTimeout };
            await admin().CreateTopicsAsync([specification], options);
            Log.KafkaTopicCreated(logger, topic, Partitions);
        }
        catch (CreateTopicsException e) when (e.Results.TrueForAll(r => r.Error.Code == ErrorCode.TopicAlreadyExists))
        {
            // The usual case: it is there.
        }
        catch (KafkaException e)
        {
            // Not asked again where the broker says that it does not do this; a broker that is away may well do it later.
            _mayCreate = e.Error.Code is ErrorCode.Local_Transport or ErrorCode.Local_AllBrokersDown or ErrorCode.Local_TimedOut;
            Log.KafkaTopicNotCreated(logger, topic, (e as CreateTopicsException)?.Results[0].Error.Reason ?? e.Error.Reason);
        }
    }
}
