using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Forewarn.Compliance;

public sealed class ConfluentWireTests(KafkaFixture kafka) : KafkaWireTests(kafka), IClassFixture<KafkaFixture>
{
    protected override PlainKafka Plain(string brokers) => PlainKafka.Confluent(brokers);
}

public sealed class KafkaJsWireTests(KafkaFixture kafka) : KafkaWireTests(kafka), IClassFixture<KafkaFixture>
{
    protected override PlainKafka Plain(string brokers) => PlainKafka.KafkaJs(brokers);
}

/// <summary>The sidecar's records as other clients of Kafka see them, and theirs as apps see them.</summary>
public abstract class KafkaWireTests(KafkaFixture kafka)
{
    readonly string _topic = $"wire-{Guid.NewGuid():N}";

    protected abstract PlainKafka Plain(string brokers);

    [Fact]
    public async Task Keys_land_in_the_partitions_Sarama_chooses_and_metadata_are_headers()
    {
        (string Key, int Partition)[] expected = [("host-1", 3), ("host-2", 0), ("grüße", 0), ("web-42", 10), ("", 3)];
        await kafka.CreateTopicAsync(_topic, 12);
        await using var world = await kafka.StartWorldAsync();
        var client = world.Client(await world.AddClientAsync());
        foreach (var (key, _) in expected)
        {
            await client.PublishEventAsync("ps", _topic, key, new Dictionary<string, string> { ["partitionKey"] = key, ["mine"] = "ä" });
        }

        await using var plain = Plain(kafka.Brokers);
        var records = await plain.ReadAsync(_topic, expected.Length);
        records.Select(r => (r.Key ?? "", r.Partition)).ShouldBe(expected, ignoreOrder: true);
        records.ShouldAllBe(r => r.Headers["mine"] == "ä" && r.Headers["partitionKey"] == r.Key);
        JsonDocument.Parse(records[0].Value).RootElement.GetProperty("topic").GetString().ShouldBe(_topic);
    }

    [Fact]
    public async Task A_partition_number_is_obeyed_or_refused()
    {
        await kafka.CreateTopicAsync(_topic, 12);
        await using var world = await kafka.StartWorldAsync();
        var client = world.Client(await world.AddClientAsync());
        await client.PublishEventAsync("ps", _topic, 1, new Dictionary<string, string> { ["partitionNumber"] = "7", ["__key"] = "k" });
        await Should.ThrowAsync<Dapr.DaprException>(() => client.PublishEventAsync("ps", _topic, 1, new Dictionary<string, string> { ["partitionNumber"] = "12" }));
        await using var plain = Plain(kafka.Brokers);
        var record = (await plain.ReadAsync(_topic, 1)).Single();
        (record.Partition, record.Key).ShouldBe((7, "k"));
    }

    [Fact]
    public async Task A_record_of_another_client_reaches_the_app_with_its_headers()
    {
        await kafka.CreateTopicAsync(_topic, 12);
        await using var app = await RawAsync();
        await using var world = await kafka.StartWorldAsync(metadata: ("escapeHeaders", "true"));
        await world.AddAsync($"app-{_topic}", app);
        await using var plain = Plain(kafka.Brokers);
        await plain.ProduceAsync(_topic, "not json", headers: ("color", "dark blue"));
        await Eventually.TrueAsync(() => !app.Requests.IsEmpty, "the record arrives");
        var got = app.Requests.First();
        got.Text.ShouldContain(Convert.ToBase64String("not json"u8));
        got.Headers["color"].ShouldBe("dark+blue");
    }

    [Fact]
    public async Task What_cannot_be_an_HTTP_header_does_not_cost_the_message()
    {
        await kafka.CreateTopicAsync(_topic, 12);
        await using var app = await RawAsync();
        await using var world = await kafka.StartWorldAsync();
        await world.AddAsync($"app-{_topic}", app);
        await using var plain = Plain(kafka.Brokers);
        await plain.ProduceAsync(
            _topic, "x", key: "grüße", ("Transfer-Encoding", "chunked"), ("Host", "elsewhere"), ("Content-Length", "7"), ("a name", "1"), ("lines", "one\r\ntwo"), ("ort", "köln"));
        await Eventually.TrueAsync(() => !app.Requests.IsEmpty, "the record arrives");
        var headers = app.Requests.First().Headers;
        headers["__key"].ShouldBe("grüße");
        headers["ort"].ShouldBe("köln");
        headers["lines"].ShouldBe("one  two");
        headers["Host"].ShouldStartWith("127.0.0.1");
        app.Requests.First().Text.ShouldContain(Convert.ToBase64String("x"u8));
    }

    [Fact]
    public async Task The_group_is_the_app_id_and_what_the_app_has_taken_is_committed_soon()
    {
        await kafka.CreateTopicAsync(_topic, 12);
        await using var app = await RawAsync();
        await using var world = await kafka.StartWorldAsync();
        await world.AddAsync($"app-{_topic}", app);
        await using var plain = Plain(kafka.Brokers);
        for (var i = 0; i < 20; i++)
        {
            await plain.ProduceAsync(_topic, $"{i}");
        }

        await Eventually.TrueAsync(() => app.Requests.Count == 20, "all arrive");
        await Eventually.TrueAsync(async () => await plain.CommittedAsync(_topic, $"app-{_topic}") == 20, "all are committed while the consumer runs");
        await Eventually.TrueAsync(() => world.Runtime.Describe().Queues.Single(q => q.Topic == _topic) is { Depth: 0, Consumers: 1 }, "nothing waits");
    }

    [Fact]
    public async Task Excluded_metadata_are_no_headers()
    {
        await kafka.CreateTopicAsync(_topic, 12);
        await using var world = await kafka.StartWorldAsync(metadata: ("excludeHeaderMetaRegex", "^secret"));
        var client = world.Client(await world.AddClientAsync());
        await client.PublishEventAsync("ps", _topic, 1, new Dictionary<string, string> { ["secret-a"] = "1", ["open"] = "2" });
        await using var plain = Plain(kafka.Brokers);
        (await plain.ReadAsync(_topic, 1)).Single().Headers.Keys.ShouldBe(["open"]);
    }

    [Fact]
    public async Task The_binding_writes_a_record()
    {
        await kafka.CreateTopicAsync(_topic, 12);
        await using var world = await World.StartAsync(Components.Component(
            "out", "bindings.kafka/v1", ("brokers", kafka.Brokers), ("authType", "none"), ("publishTopic", _topic), ("direction", "output")));
        var client = world.Client(await world.AddClientAsync());
        await client.InvokeBindingAsync("out", "create", new { a = 1 }, new Dictionary<string, string> { ["partitionKey"] = "web-42" });
        await using var plain = Plain(kafka.Brokers);
        var record = (await plain.ReadAsync(_topic, 1)).Single();
        (record.Partition, record.Key, record.Value).ShouldBe((10, "web-42", """{"a":1}"""));
        await Should.ThrowAsync<Dapr.DaprException>(() => client.InvokeBindingAsync("out", "get", 1));
    }

    Task<ProbeApp> RawAsync() => ProbeApp.StartAsync((p, a) =>
    {
        a.MapSubscribeHandler();
        a.MapPost("/t", async (HttpContext c) => await p.RecordAsync(c) is null ? Results.Problem() : Results.Ok())
            .WithTopic("ps", _topic, enableRawPayload: true);
    });
}
