using DevSidecar.Components;
using DevSidecar.DurableLog;
using DevSidecar.PubSub;

namespace DevSidecar.Bindings;

/// <summary>
/// <c>bindings.kafka</c>, input: every record of the topics is one event, its bytes the body, its headers and its place the
/// metadata. Replicas with one <c>consumerGroup</c> share the partitions. What the app refuses is skipped, as with daprd,
/// unless <c>consumeRetryEnabled</c>; what it could not answer because it was gone comes again.
/// </summary>
sealed class KafkaInputBinding : IInputBinding
{
    readonly IBroker _broker;
    readonly string _memberId;
    readonly string[] _topics;

    public KafkaInputBinding(ComponentMetadata metadata, IBroker broker, string memberId)
    {
        (_broker, _memberId) = (broker, memberId);
        _topics = [.. metadata.Required("topics").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Distinct(StringComparer.Ordinal)];
        if (_topics.Length == 0)
        {
            throw metadata.Error("topics", "must name the topics to read, joined by commas");
        }
    }

    public Task<IAsyncDisposable> ReadAsync(BindingHandler handler, CancellationToken cancellationToken)
    {
        var readers = _broker.Subscribe([.. _topics.Select(t => new BrokerSubscription(t, _memberId, Bulk: false, 1, TimeSpan.Zero, DeliverAsync))]);
        return Task.FromResult<IAsyncDisposable>(new Reading(readers));

        async Task<IReadOnlyList<bool>> DeliverAsync(Topic topic, IReadOnlyList<(int Partition, LogRecord Record)> records, CancellationToken token)
        {
            var taken = new bool[records.Count];
            for (var i = 0; i < taken.Length; i++)
            {
                var (partition, record) = records[i];
                var outcome = await handler(Event(topic.Name, partition, record), token);
                taken[i] = outcome == EventOutcome.AppGone ? throw new AppGoneException() : outcome == EventOutcome.Taken;
            }

            return taken;
        }
    }

    static BindingEvent Event(string topic, int partition, LogRecord record)
    {
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in KafkaMetadata.OfRecord(topic, partition, record))
        {
            metadata[name] = value;
        }

        return new(record.Value, metadata);
    }

    sealed class Reading(IReadOnlyList<IAsyncDisposable> readers) : IAsyncDisposable, IBacklog
    {
        public IReadOnlyList<QueueDescription> Backlogs => [.. readers.OfType<IBacklog>().SelectMany(b => b.Backlogs)];

        public IReadOnlyList<PartitionLag> Lags => [.. readers.OfType<IBacklog>().SelectMany(b => b.Lags)];

        public async ValueTask DisposeAsync() => await Task.WhenAll(readers.Select(r => r.DisposeAsync().AsTask()));
    }
}
