using System.Text;
using System.Text.Json;
using Confluent.Kafka;
using Forewarn.Contracts;
using Forewarn.Testing;
using Microsoft.Extensions.Logging;

namespace Forewarn.Ingestion.Tests;

/// <summary>The raw Kafka topic, with Confluent's producer as the sender, through the sidecar's <c>pubsub.kafka</c>, to what a consumer of <c>metrics.raw</c> gets.</summary>
public sealed class KafkaDoorTests
{
    static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task What_a_Kafka_producer_sends_is_published_and_what_breaks_the_rules_goes_to_the_dead_topic()
    {
        await using var broker = await MockBroker.StartAsync();
        foreach (var topic in new[] { Topics.MetricsExternal, Topics.MetricsRaw, Topics.Dead(Topics.MetricsExternal) })
            await broker.CreateTopicAsync(topic, 4);
        await using var rig = await SidecarRig.StartOnKafkaAsync(broker.Address);
        await using var ingestion = await rig.AddAsync(
            Apps.Ingestion,
            builder =>
            {
                builder.Logging.ClearProviders();
                builder.AddIngestion();
            },
            app => app.MapExternalSubscription(),
            $"--Ingestion:Port={DevSidecar.FreePorts.Next()}", "--Ingestion:Host:Enabled=false", "--Ingestion:Otlp:Enabled=false", "--SelfMetrics:Enabled=false");

        var begin = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() - 60_000;
        using (var producer = new ProducerBuilder<string, byte[]>(new ProducerConfig { BootstrapServers = broker.Address }).Build())
        {
            for (var i = 0; i < 60; i++)
            {
                var entity = $"kafka-{i % 3}";
                var body = $$"""{"entity":"{{entity}}","series":[{"name":"queue.length","unit":"{item}"}],"rows":[{"t":{{begin + (i * 1000)}},"values":[{{i}}]}]}""";
                await producer.ProduceAsync(Topics.MetricsExternal, new() { Key = entity, Value = Encoding.UTF8.GetBytes(body) }, TestContext.Current.CancellationToken);
            }
            await producer.ProduceAsync(Topics.MetricsExternal, new() { Key = "bad", Value = """{"entity":7}"""u8.ToArray() }, TestContext.Current.CancellationToken);
        }

        var samples = Read(broker.Address, Topics.MetricsRaw, ContractJson.Default.MetricBatch, batches => batches.Sum(batch => batch.Rows.Count) == 60);
        samples.ShouldAllBe(batch => batch.Source == Sources.Json);
        foreach (var entity in samples.GroupBy(batch => batch.Entity, StringComparer.Ordinal))
            entity.SelectMany(batch => batch.Rows).Select(row => row.Values[0]).ShouldBe(Enumerable.Range(0, 20).Select(i => (i * 3.0) + entity.Key[^1] - '0'));
        Read(broker.Address, Topics.Dead(Topics.MetricsExternal), ContractJson.Default.DeadLetter, letters => letters.Count == 1)
            .Single().Reason.ShouldContain("$.entity must be a string");
    }

    /// <summary>Data of CloudEvents, until there are enough.</summary>
    static List<T> Read<T>(string brokers, string topic, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type, Func<List<T>, bool> isEnough)
    {
        using var consumer = new ConsumerBuilder<Ignore, byte[]>(new ConsumerConfig
        {
            BootstrapServers = brokers,
            GroupId = $"reader-{topic}",
            AutoOffsetReset = AutoOffsetReset.Earliest,
            EnableAutoCommit = false,
        }).Build();
        consumer.Subscribe(topic);
        var (found, start) = (new List<T>(), TimeProvider.System.GetTimestamp());
        while (!isEnough(found))
        {
            TimeProvider.System.GetElapsedTime(start).ShouldBeLessThan(_patience, $"{found.Count} messages of {topic}");
            if (consumer.Consume(TimeSpan.FromMilliseconds(200)) is { } result)
                found.Add(JsonDocument.Parse(result.Message.Value).RootElement.GetProperty("data").Deserialize(type)!);
        }
        consumer.Close();
        return found;
    }
}
