using System.Text;
using Confluent.Kafka;

namespace Forewarn.Compliance;

/// <summary>A record as a client beside Dapr sees it.</summary>
public sealed record PlainRecord(int Partition, string? Key, IReadOnlyDictionary<string, string> Headers, string Value);

/// <summary>A plain client of the brokers that knows nothing of Dapr.</summary>
public sealed class PlainKafka(string brokers) : IDisposable
{
    readonly IProducer<string, string> _producer = new ProducerBuilder<string, string>(new ProducerConfig { BootstrapServers = brokers, LingerMs = 0 }).Build();

    public Task ProduceAsync(string topic, string value, params (string Name, string Value)[] headers)
    {
        var message = new Message<string, string> { Value = value, Headers = [] };
        foreach (var (name, text) in headers)
        {
            message.Headers.Add(name, Encoding.UTF8.GetBytes(text));
        }

        return _producer.ProduceAsync(topic, message);
    }

    /// <summary>The first <paramref name="count"/> records of a topic.</summary>
    public List<PlainRecord> Read(string topic, int count)
    {
        using var admin = new DependentAdminClientBuilder(_producer.Handle).Build();
        var partitions = admin.GetMetadata(topic, TimeSpan.FromSeconds(10)).Topics.Single().Partitions;
        using var consumer = Consumer("reader");
        consumer.Assign(partitions.Select(p => new TopicPartitionOffset(topic, p.PartitionId, Offset.Beginning)));
        var records = new List<PlainRecord>();
        while (records.Count < count)
        {
            var result = consumer.Consume(TimeSpan.FromSeconds(20)) ?? throw new ShouldAssertException($"{records.Count} of {count} records");
            records.Add(new(
                result.Partition.Value, result.Message.Key,
                result.Message.Headers.ToDictionary(h => h.Key, h => Encoding.UTF8.GetString(h.GetValueBytes()), StringComparer.Ordinal), result.Message.Value));
        }

        return records;
    }

    /// <summary>How many records of the topic a group has committed, over all partitions.</summary>
    public long Committed(string topic, string group)
    {
        using var admin = new DependentAdminClientBuilder(_producer.Handle).Build();
        var partitions = admin.GetMetadata(topic, TimeSpan.FromSeconds(10)).Topics.Single().Partitions;
        using var consumer = Consumer(group);
        return consumer.Committed(partitions.Select(p => new TopicPartition(topic, p.PartitionId)), TimeSpan.FromSeconds(10)).Sum(o => Math.Max(0, o.Offset.Value));
    }

    public void Dispose() => _producer.Dispose();

    IConsumer<string, string> Consumer(string group) =>
        new ConsumerBuilder<string, string>(new ConsumerConfig { BootstrapServers = brokers, GroupId = group, EnableAutoCommit = false }).Build();
}
