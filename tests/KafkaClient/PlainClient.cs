using System.Text;
using Confluent.Kafka;

namespace Forewarn.Testing.KafkaClient;

/// <summary>Producer and consumer as anybody would write them.</summary>
sealed class PlainClient(string brokers) : IDisposable
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    readonly IProducer<string, string> _producer = new ProducerBuilder<string, string>(new ProducerConfig { BootstrapServers = brokers, LingerMs = 0 }).Build();

    public Task ProduceAsync(Request request)
    {
        var message = new Message<string, string> { Key = request.Key!, Value = request.Value!, Headers = [] };
        foreach (var (name, text) in request.Headers ?? new Dictionary<string, string>())
        {
            message.Headers.Add(name, Encoding.UTF8.GetBytes(text));
        }

        return _producer.ProduceAsync(request.Topic, message);
    }

    /// <summary>The first <paramref name="count"/> records of a topic.</summary>
    public List<Record> Read(string topic, int count)
    {
        using var consumer = Consumer("reader");
        consumer.Assign(Partitions(topic).Select(p => new TopicPartitionOffset(p, Offset.Beginning)));
        var records = new List<Record>();
        while (records.Count < count)
        {
            var result = consumer.Consume(Patience) ?? throw new TimeoutException($"{records.Count} of {count} records");
            var headers = result.Message.Headers.ToDictionary(h => h.Key, h => Encoding.UTF8.GetString(h.GetValueBytes()), StringComparer.Ordinal);
            records.Add(new(result.Partition.Value, result.Message.Key, headers, result.Message.Value));
        }

        return records;
    }

    /// <summary>How many records of the topic a group has committed, over all partitions.</summary>
    public long Committed(string topic, string group)
    {
        using var consumer = Consumer(group);
        return consumer.Committed(Partitions(topic), Patience).Sum(o => Math.Max(0, o.Offset.Value));
    }

    public void Dispose() => _producer.Dispose();

    List<TopicPartition> Partitions(string topic)
    {
        using var admin = new DependentAdminClientBuilder(_producer.Handle).Build();
        return admin.GetMetadata(topic, Patience).Topics.Single().Partitions.ConvertAll(p => new TopicPartition(topic, p.PartitionId));
    }

    IConsumer<string, string> Consumer(string group) =>
        new ConsumerBuilder<string, string>(new ConsumerConfig { BootstrapServers = brokers, GroupId = group, EnableAutoCommit = false }).Build();
}
