using Confluent.Kafka;

namespace DevSidecar.PubSub.Kafka;

/// <summary>
/// One replica's consumer: one member of the group for all its topics. A thread of its own polls without pause, so that slow
/// apps do not cost the membership; what it fetched waits in feeds. A position is stored when the app has taken the message,
/// never before.
/// </summary>
sealed class KafkaConsumer : IAsyncDisposable, IBacklog
{
    static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);
    static readonly TimeSpan HousekeepingPeriod = TimeSpan.FromMilliseconds(20);
    static readonly TimeSpan OffsetTimeout = TimeSpan.FromSeconds(5);

    /// <summary>How long deliveries in flight may last when partitions go to another replica, and when this one leaves.</summary>
    static readonly TimeSpan DrainOnRebalance = TimeSpan.FromSeconds(10);
    static readonly TimeSpan DrainOnLeave = TimeSpan.FromSeconds(3);

    /// <summary>How long leaving may take in all. The client's own end waits for brokers, and those may be away.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    readonly CancellationTokenSource _leaving = new();
    readonly KafkaConnection _connection;
    readonly KafkaGroup _group;
    readonly Dictionary<string, BrokerSubscription> _subscriptions;
    readonly TimeProvider _time;
    readonly ILogger _logger;
    readonly List<Task> _retired = [];
    readonly Dictionary<TopicPartition, long> _uncommitted = [];
    readonly TopicSearch _search;
    readonly Task _run;
    volatile KafkaAssignment? _assignment;
    volatile IConsumer<string?, byte[]>? _consumer;
    long _housekeptAt;

    public KafkaConsumer(KafkaConnection connection, KafkaGroup group, IReadOnlyList<BrokerSubscription> subscriptions, TimeProvider time, ILogger logger)
    {
        (_connection, _group, _time, _logger) = (connection, group, time, logger);
        _subscriptions = subscriptions.ToDictionary(s => s.Topic, StringComparer.Ordinal);
        _search = new(connection, group, [.. _subscriptions.Keys], time, logger, _leaving.Token);
        _run = Task.Run(RunAsync, CancellationToken.None);
    }

    /// <inheritdoc/>
    public IReadOnlyList<QueueDescription> Backlogs
    {
        get
        {
            var feeds = _assignment?.Feeds.ToLookup(f => f.At.Topic, StringComparer.Ordinal);
            return [.. _subscriptions.Keys.Select(topic => feeds is not null && feeds.Contains(topic)
                ? new QueueDescription(topic, _group.Name, 1, feeds[topic].Sum(Depth), null)
                : new(topic, _group.Name, 0, 0, null))];
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<PartitionLag> Lags => _assignment is { } assignment
        ? [.. assignment.Feeds.Select(f => new PartitionLag(_group.Name, f.At.Topic, f.At.Partition.Value, Depth(f)))]
        : [];

    /// <summary>Leaves the group: lets deliveries in flight end for a while, commits, and gives its partitions up.</summary>
    public async ValueTask DisposeAsync()
    {
        await _leaving.CancelAsync();
        try
        {
            await _run.WaitAsync(Patience, _time, CancellationToken.None);
            _leaving.Dispose();
        }
        catch (TimeoutException)
        {
            // Its thread ends with the client or with the process; what it had in flight is delivered again elsewhere.
            _assignment?.Close();
            Log.KafkaLeftBehind(_logger, _group.Name);
        }
    }

    async Task RunAsync()
    {
        while (!_leaving.IsCancellationRequested)
        {
            try
            {
                await Task.Factory.StartNew(Consume, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
            }
#pragma warning disable CA1031 // a consumer that gave up would be a silent loss: it begins again
            catch (Exception e)
#pragma warning restore CA1031
            {
                Log.KafkaConsumerBroke(_logger, _group.Name, e.Message);
                await Task.Delay(_connection.Settings.RetryPause, _time, CancellationToken.None);
            }
        }

        await Task.WhenAll([_search.Ended, .. _retired]);
    }

    void Consume()
    {
        using var consumer = new ConsumerBuilder<string?, byte[]>(_connection.Settings.Consumer(_group.Name, _group.Newest))
            .SetKeyDeserializer(KafkaRecords.KeyDeserializer)
            .SetPartitionsAssignedHandler(OnAssigned)
            .SetPartitionsRevokedHandler((c, _) => Release(c, _leaving.IsCancellationRequested ? DrainOnLeave : DrainOnRebalance))
            .SetPartitionsLostHandler((_, _) => Release(null, TimeSpan.Zero))
            .SetErrorHandler((_, error) => _connection.Trouble.Report(error.Reason))
            .SetLogHandler((_, message) => Log.KafkaClient(_logger, message.Message))
            .Build();
        _consumer = consumer;
        try
        {
            IReadOnlyList<string> subscribed = [];
            while (!_leaving.IsCancellationRequested)
            {
                if (_search.Found is var topics && topics.Count > subscribed.Count)
                {
                    consumer.Subscribe(topics);
                    subscribed = topics;
                }

                PollOnce(consumer);
            }
        }
        finally
        {
            _assignment?.Close();
            consumer.Close();
            _consumer = null;
            Release(null, TimeSpan.Zero);
        }
    }

    void PollOnce(IConsumer<string?, byte[]> consumer)
    {
        try
        {
            if (consumer.Consume(Poll) is { Message: not null } result)
            {
                Accept(consumer, result);
            }
        }
        catch (ConsumeException e) when (!e.Error.IsFatal)
        {
            _connection.Trouble.Report(e.Error.Reason);
            _leaving.Token.WaitHandle.WaitOne(_connection.Settings.RetryPause);
        }

        if (_assignment is { } assignment && _time.GetElapsedTime(_housekeptAt) >= HousekeepingPeriod)
        {
            _housekeptAt = _time.GetTimestamp();
            foreach (var feed in assignment.Feeds)
            {
                Keep(consumer, feed);
            }
        }
    }

    void Accept(IConsumer<string?, byte[]> consumer, ConsumeResult<string?, byte[]> result)
    {
        var record = KafkaRecords.Read(result, _connection.Settings);
        if (_assignment?.Add(result.TopicPartition, record, _time.GetTimestamp()) is { Paused: false } feed && feed.Waiting >= Buffer(feed))
        {
            consumer.Pause([result.TopicPartition]);
            feed.Paused = true;
        }
    }

    /// <summary>Stores how far the app has come, and fetches on when there is room again.</summary>
    void Keep(IConsumer<string?, byte[]> consumer, PartitionFeed feed)
    {
        if (feed.Position is { } position && position != feed.Stored)
        {
            consumer.StoreOffset(new TopicPartitionOffset(feed.At, position));
            feed.Stored = position;
        }

        if (feed.Paused && feed.Waiting <= Buffer(feed) / 4)
        {
            consumer.Resume([feed.At]);
            feed.Paused = false;
        }
    }

    List<TopicPartitionOffset> OnAssigned(IConsumer<string?, byte[]> consumer, List<TopicPartition> partitions)
    {
        var starts = partitions.Count > 0 ? Starts(consumer, partitions) : [];
        _assignment = new(starts, _subscriptions, _group, _time, _logger);
        foreach (var topic in _search.Found)
        {
            Log.KafkaAssigned(_logger, topic, _group.Name, partitions.Count(p => p.Topic == topic));
        }

        return starts;
    }

    /// <summary>
    /// The committed positions. A group that starts at the newest message fixes that position at once: otherwise a replica that
    /// ends before its first commit would make the next one start behind messages nobody has seen.
    /// </summary>
    List<TopicPartitionOffset> Starts(IConsumer<string?, byte[]> consumer, List<TopicPartition> partitions)
    {
        try
        {
            var starts = consumer.Committed(partitions, OffsetTimeout).ConvertAll(p =>
                _uncommitted.Remove(p.TopicPartition, out var own) && own > p.Offset.Value ? new(p.TopicPartition, own) : p);
            if (_group.Newest && starts.Exists(s => s.Offset == Offset.Unset))
            {
                starts = starts.ConvertAll(s => s.Offset == Offset.Unset
                    ? new(s.TopicPartition, consumer.QueryWatermarkOffsets(s.TopicPartition, OffsetTimeout).High)
                    : s);
                consumer.Commit(starts);
            }

            return starts;
        }
        catch (KafkaException e)
        {
            // The client finds out by itself when the broker answers again.
            _connection.Trouble.Report(e.Error.Reason);
            return partitions.ConvertAll(p => new TopicPartitionOffset(p, Offset.Unset));
        }
    }

    /// <summary>Ends the deliveries and, while this replica still is a member, commits what the app has taken.</summary>
    void Release(IConsumer<string?, byte[]>? consumer, TimeSpan drain)
    {
        if (_assignment is not { } assignment)
        {
            return;
        }

        assignment.End(drain, _time);
        _assignment = null;
        if (consumer is not null)
        {
            Commit(consumer, assignment);
        }

        _retired.RemoveAll(t => t.IsCompleted);
        _retired.Add(assignment.DisposeAsync().AsTask());
    }

    void Commit(IConsumer<string?, byte[]> consumer, KafkaAssignment assignment)
    {
        var positions = assignment.Feeds.Where(f => f.Position is not null).Select(f => new TopicPartitionOffset(f.At, f.Position!.Value)).ToList();
        if (positions.Count == 0)
        {
            return;
        }

        try
        {
            consumer.Commit(positions);
        }
        catch (KafkaException e)
        {
            // Delivered again if another replica gets the partition; if it comes back here, this one knows better.
            _connection.Trouble.Report(e.Error.Reason);
            positions.ForEach(p => _uncommitted[p.TopicPartition] = p.Offset.Value);
        }
    }

    /// <summary>From what the client learnt with its last fetch: asks no broker.</summary>
    long Depth(PartitionFeed feed)
    {
        try
        {
            return _consumer?.GetWatermarkOffsets(feed.At) is { High.Value: >= 0 and var high } marks
                ? Math.Max(0, high - Math.Max(feed.Position ?? 0, marks.Low.Value))
                : 0;
        }
        catch (ObjectDisposedException)
        {
            return 0;
        }
    }

    /// <summary>Records of a partition held ready. Pausing throws away what the client fetched ahead, so it must be rare: this is generous.</summary>
    int Buffer(PartitionFeed feed) => Math.Max(
        4 * _connection.Settings.BufferSize, _subscriptions[feed.At.Topic] is { Bulk: true } bulk ? 2 * bulk.MaxCount : 0);
}
