using System.Threading.Channels;
using DevSidecar.DurableLog;

namespace DevSidecar.PubSub.Kafka;

/// <summary>How a pump gathers: single delivery takes one record, bulk delivery up to a count or a wait.</summary>
sealed record PumpOptions(string Group, BackOff BackOff, int MaxCount, TimeSpan MaxAwait);

/// <summary>Carries the records of its feeds to the app, one delivery at a time, until it is closed.</summary>
sealed class DeliveryPump
{
    readonly Channel<bool> _wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    readonly IReadOnlyList<PartitionFeed> _feeds;
    readonly PumpOptions _options;
    readonly Topic _topic;
    readonly Deliver _deliver;
    readonly TimeProvider _time;
    readonly ILogger _logger;
    readonly CancellationToken _closing;
    readonly CancellationToken _cancel;
    int _rotate;

    /// <param name="closing">Nothing more is taken.</param>
    /// <param name="cancel">The delivery in flight is given up.</param>
    public DeliveryPump(
        IReadOnlyList<PartitionFeed> feeds, PumpOptions options, Topic topic, Deliver deliver, TimeProvider time, ILogger logger,
        CancellationToken closing, CancellationToken cancel)
    {
        (_feeds, _options, _topic, _deliver, _time, _logger, _closing, _cancel) = (feeds, options, topic, deliver, time, logger, closing, cancel);
        Ended = Task.Run(RunAsync, CancellationToken.None);
    }

    public Task Ended { get; }

    /// <summary>Something arrived for one of its feeds.</summary>
    public void Wake() => _wake.Writer.TryWrite(true);

    async Task RunAsync()
    {
        try
        {
            while (!_closing.IsCancellationRequested)
            {
                var (count, oldest) = Ready();
                if (count == 0)
                {
                    await _wake.Reader.ReadAsync(_closing);
                    continue;
                }

                if (count < _options.MaxCount)
                {
                    await GatherAsync(oldest);
                }

                var taken = Take();
                if (taken.Count > 0)
                {
                    await DeliverAsync(taken);
                }
            }
        }
        catch (OperationCanceledException) when (_closing.IsCancellationRequested)
        {
            // Nothing more is taken.
        }
    }

    (long Count, long Oldest) Ready()
    {
        var (count, oldest) = (0L, long.MaxValue);
        foreach (var feed in _feeds)
        {
            var (waiting, arrivedAt) = feed.Ready();
            count += waiting;
            oldest = Math.Min(oldest, arrivedAt);
        }

        return (count, oldest);
    }

    /// <summary>Waits until the oldest record has waited long enough or a full batch is there.</summary>
    async Task GatherAsync(long oldest)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(_closing);
        var left = _options.MaxAwait - _time.GetElapsedTime(oldest);
        if (left <= TimeSpan.Zero)
        {
            return;
        }

        await using var timer = _time.CreateTimer(_ => limit.Cancel(), null, left, Timeout.InfiniteTimeSpan);
        try
        {
            while (Ready().Count < _options.MaxCount)
            {
                await _wake.Reader.ReadAsync(limit.Token);
            }
        }
        catch (OperationCanceledException) when (!_closing.IsCancellationRequested)
        {
            // The wait is over: what is there goes.
        }
    }

    List<(PartitionFeed Feed, List<LogRecord> Records)> Take()
    {
        var ready = new List<(PartitionFeed Feed, long Pending)>();
        for (var i = 0; i < _feeds.Count; i++)
        {
            var feed = _feeds[(i + _rotate) % _feeds.Count];
            if (feed.Ready().Count is > 0 and var pending)
            {
                ready.Add((feed, pending));
            }
        }

        _rotate = (_rotate + 1) & 0xFFFF;
        var shares = FairShares.Of(ready.ConvertAll(r => r.Pending), _options.MaxCount);
        return [.. ready.Select((r, i) => (r.Feed, r.Feed.Take(shares[i]))).Where(t => t.Item2.Count > 0)];
    }

    async Task DeliverAsync(List<(PartitionFeed Feed, List<LogRecord> Records)> taken)
    {
        IReadOnlyList<bool>? outcomes = null;
        try
        {
            outcomes = await _deliver(_topic, [.. taken.SelectMany(t => t.Records.Select(r => (t.Feed.At.Partition.Value, r)))], _cancel);
        }
        catch (OperationCanceledException)
        {
            // The app is gone or the partitions are: nothing is known, so everything is delivered again.
        }
#pragma warning disable CA1031 // whatever went wrong, the partition must go on: the batch is retried with the back-off
        catch (Exception e)
#pragma warning restore CA1031
        {
            Log.DeliveryBroke(_logger, e, _topic.Name, _options.Group);
            outcomes = new bool[taken.Sum(t => t.Records.Count)];
        }

        var index = 0;
        foreach (var (feed, records) in taken)
        {
            var done = 0;
            while (outcomes is not null && done < records.Count && outcomes[index + done])
            {
                done++;
            }

            index += records.Count;
            Complete(feed, done, failed: outcomes is not null && done < records.Count);
        }
    }

    void Complete(PartitionFeed feed, int done, bool failed)
    {
        var delay = feed.Complete(done, failed, _options.BackOff, (record, retries) =>
            Log.RecordSkipped(_logger, _topic.Name, feed.At.Partition.Value, record.Offset, _options.Group, retries));
        if (delay is { } wait)
        {
            _ = ResumeAsync(feed, wait);
        }
    }

    async Task ResumeAsync(PartitionFeed feed, TimeSpan delay)
    {
        try
        {
            await Task.Delay(delay, _time, _closing);
            feed.Resume();
            Wake();
        }
        catch (OperationCanceledException)
        {
            // The partition was taken away while it waited; it is delivered again elsewhere.
        }
    }
}
