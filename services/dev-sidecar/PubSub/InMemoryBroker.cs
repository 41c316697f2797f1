using System.Collections.Concurrent;
using System.Threading.Channels;
using DevSidecar.DurableLog;

namespace DevSidecar.PubSub;

/// <summary>The bus behind <c>pubsub.in-memory</c>: one per component, shared by the apps of the runtime.</summary>
sealed class InMemoryBus
{
    public ConcurrentDictionary<string, ConcurrentDictionary<string, Queue>> Topics { get; } = new(StringComparer.Ordinal);

    /// <summary>The replicas of one app on one topic: each message goes to one of them.</summary>
    public sealed class Queue
    {
        readonly Channel<LogRecord> _channel = Channel.CreateBounded<LogRecord>(10_000);
        long _offset;

        public ChannelReader<LogRecord> Reader => _channel.Reader;

        public ValueTask WriteAsync(OutgoingMessage message, long timeMs, CancellationToken cancellationToken) => _channel.Writer.WriteAsync(
            new(Interlocked.Increment(ref _offset), timeMs, null, [.. message.Metadata], message.Value), cancellationToken);
    }
}

/// <summary><c>pubsub.in-memory</c>: serial per subscription, and what the app refuses is lost, as with daprd.</summary>
sealed class InMemoryBroker(InMemoryBus bus, string appId, TimeProvider time, ILogger logger) : IBroker
{
    public async Task PublishAsync(string topic, IReadOnlyList<OutgoingMessage> messages, CancellationToken cancellationToken)
    {
        if (!bus.Topics.TryGetValue(topic, out var queues))
        {
            return;
        }

        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        foreach (var queue in queues.Values)
        {
            foreach (var message in messages)
            {
                await queue.WriteAsync(message, now, cancellationToken);
            }
        }
    }

    public IReadOnlyList<IAsyncDisposable> Subscribe(IReadOnlyList<BrokerSubscription> subscriptions) => [.. subscriptions.Select(Join)];

    Subscription Join(BrokerSubscription subscription)
    {
        var queue = bus.Topics
            .GetOrAdd(subscription.Topic, _ => new(StringComparer.Ordinal))
            .GetOrAdd(appId, _ => new());
        return new Subscription(queue, subscription, time, logger);
    }

    sealed class Subscription : IAsyncDisposable
    {
        readonly CancellationTokenSource _stop = new();
        readonly InMemoryBus.Queue _queue;
        readonly BrokerSubscription _subscription;
        readonly TimeProvider _time;
        readonly ILogger _logger;
        readonly Topic _topic;
        readonly Task _run;

        public Subscription(InMemoryBus.Queue queue, BrokerSubscription subscription, TimeProvider time, ILogger logger)
        {
            (_queue, _subscription, _time, _logger) = (queue, subscription, time, logger);
            _topic = new(0, subscription.Topic, 1);
            _run = Task.Run(RunAsync, CancellationToken.None);
        }

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await _run;
            _stop.Dispose();
        }

        async Task RunAsync()
        {
            try
            {
                while (await _queue.Reader.WaitToReadAsync(_stop.Token))
                {
                    var batch = await GatherAsync();
                    if (batch.Count == 0)
                    {
                        continue;
                    }

                    await DeliverAsync(batch);
                }
            }
            catch (OperationCanceledException)
            {
                // Unsubscribed.
            }
        }

        async Task DeliverAsync(List<(int, LogRecord)> batch)
        {
            try
            {
                var outcomes = await _subscription.Deliver(_topic, batch, _stop.Token);
                for (var i = 0; i < batch.Count; i++)
                {
                    if (!outcomes[i])
                    {
                        Log.InMemoryMessageLost(_logger, _subscription.Topic);
                    }
                }
            }
#pragma warning disable CA1031 // whatever went wrong with one message, the next ones must be delivered
            catch (Exception e) when (e is not OperationCanceledException || !_stop.IsCancellationRequested)
#pragma warning restore CA1031
            {
                Log.DeliveryBroke(_logger, e, _subscription.Topic, _subscription.MemberId);
            }
        }

        async Task<List<(int, LogRecord)>> GatherAsync()
        {
            var batch = new List<(int, LogRecord)>();
            var max = _subscription.Bulk ? _subscription.MaxCount : 1;
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
            await using var timer = _time.CreateTimer(_ => limit.Cancel(), null, _subscription.MaxAwait, Timeout.InfiniteTimeSpan);
            try
            {
                while (batch.Count < max)
                {
                    if (_queue.Reader.TryRead(out var record))
                    {
                        batch.Add((0, record));
                    }
                    else
                    {
                        await _queue.Reader.WaitToReadAsync(limit.Token);
                    }
                }
            }
            catch (OperationCanceledException) when (!_stop.IsCancellationRequested)
            {
                // The wait is over: what is there goes.
            }

            return batch;
        }
    }
}
