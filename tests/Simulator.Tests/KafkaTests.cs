using System.Diagnostics;
using System.Text.Json;
using Confluent.Kafka;
using Forewarn.Contracts;

namespace Forewarn.Simulator.Tests;

/// <summary>Against librdkafka's mock broker in a process of its own, read by a consumer that knows nothing of the sender.</summary>
public sealed class KafkaTests : IAsyncLifetime
{
    static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);

    Process _broker = null!;
    string _address = "";

    public async ValueTask InitializeAsync()
    {
        _broker = Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Forewarn.MockKafka.dll")])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        _address = await _broker.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("the mock broker ended at its start");
    }

    public async ValueTask DisposeAsync()
    {
        _broker.StandardInput.Close();
        await _broker.WaitForExitAsync();
        _broker.Dispose();
    }

    [Fact]
    public async Task A_run_with_nothing_but_a_brokers_address_leaves_every_second_in_order_under_its_entity()
    {
        using var output = new StringWriter();
        using var errors = new StringWriter();
        var code = await new Application(output, errors, TimeProvider.System)
            .RunAsync(["simulate", "--kafka", _address, "--entities", "3", "--history", "5m", "--total", "2s", "--missing", "0", "--speed", "max"]);
        code.ShouldBe(0, errors.ToString());

        var messages = Read(3 * 6);
        messages.ShouldAllBe(message => message.Headers == null || message.Headers.Count == 0);
        foreach (var entity in messages.GroupBy(message => message.Key))
        {
            var batches = entity.Select(message => JsonSerializer.Deserialize(message.Value, ContractJson.Default.ExternalBatch)!).ToList();
            batches.ShouldAllBe(batch => batch.Entity == entity.Key && batch.Series.Count == HostSchema.Series.Count);
            batches.ShouldAllBe(batch => batch.Attributes!["k8s.node.name"] == "node-of-sim-1" && batch.Attributes["host.rack"] == "rack-of-sim-1");
            var times = batches.SelectMany(batch => batch.Rows).Select(row => row.T!.Value).ToList();
            times.ShouldBe(Enumerable.Range(0, 302).Select(second => times[0] + second * 1000L));
        }
        messages.Select(message => message.Key).Distinct().Order().ShouldBe(["sim-1", "sim-2", "sim-3"]);
    }

    List<Message<string, byte[]>> Read(int count)
    {
        using var consumer = new ConsumerBuilder<string, byte[]>(new ConsumerConfig
        {
            BootstrapServers = _address,
            GroupId = "reader",
            EnableAutoCommit = false,
            AutoOffsetReset = AutoOffsetReset.Earliest,
        }).Build();
        consumer.Assign(Enumerable.Range(0, 4).Select(partition => new TopicPartitionOffset(Topics.MetricsExternal, partition, Offset.Beginning)));
        var messages = new List<Message<string, byte[]>>();
        while (messages.Count < count)
            messages.Add((consumer.Consume(_patience) ?? throw new TimeoutException($"{messages.Count} of {count} messages")).Message);
        consumer.Close();
        return messages;
    }
}
