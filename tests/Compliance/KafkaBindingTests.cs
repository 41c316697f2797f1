using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Forewarn.Compliance;

public sealed class EmbeddedKafkaBindingTests : KafkaBindingTests
{
    protected override string Brokers => "";

    protected override Task CreateTopicAsync(string topic) => Task.CompletedTask;
}

public sealed class BrokerKafkaBindingTests(KafkaFixture kafka) : KafkaBindingTests, IClassFixture<KafkaFixture>
{
    protected override string Brokers => kafka.Brokers;

    protected override Task CreateTopicAsync(string topic) => kafka.CreateTopicAsync(topic, 12);
}

/// <summary><c>bindings.kafka</c> in both directions, on brokers and without.</summary>
public abstract class KafkaBindingTests
{
    readonly string _topic = $"binding-{Guid.NewGuid():N}";

    /// <summary>Empty for the embedded log.</summary>
    protected abstract string Brokers { get; }

    protected abstract Task CreateTopicAsync(string topic);

    [Fact]
    public async Task What_is_written_is_read_with_its_bytes_its_headers_and_its_place()
    {
        await using var app = await AppAsync(_ => Results.Ok());
        await using var world = await StartAsync();
        var client = world.Client(await world.AddAsync("app", app));
        await client.InvokeBindingAsync("records", "create", new { a = "ä" }, new Dictionary<string, string> { ["partitionKey"] = "web-42", ["color"] = "blue" });
        await Eventually.TrueAsync(() => Posts(app).Count == 1, "the event arrives");
        var got = Posts(app).Single();
        got.Body.ShouldBe(System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(new { a = "ä" }));
        got.Headers["color"].ShouldBe("blue");
        got.Headers["__key"].ShouldBe("web-42");
        got.Headers["__topic"].ShouldBe(_topic);
        got.Headers["__partition"].ShouldBe("10");
        got.Headers["__offset"].ShouldBe("0");
        var components = (await client.GetMetadataAsync()).Components;
        components.Single(c => c.Name == "records").Capabilities.ShouldBe(["INPUT_BINDING", "OUTPUT_BINDING"]);
    }

    [Fact]
    public async Task What_the_app_refuses_is_skipped_and_the_next_one_comes()
    {
        await using var app = await AppAsync(r => r.Text == "1" ? Results.StatusCode(500) : Results.Ok());
        await using var world = await StartAsync();
        await WriteAsync(world.Client(await world.AddAsync("app", app)), 1, 2);
        await Eventually.TrueAsync(() => Posts(app).Count >= 2, "both arrive");
        Posts(app).Select(r => r.Text).ShouldBe(["1", "2"]);
    }

    [Fact]
    public async Task With_consumeRetryEnabled_what_the_app_refuses_comes_again()
    {
        var failures = 2;
        await using var app = await AppAsync(_ => Interlocked.Decrement(ref failures) >= 0 ? Results.StatusCode(500) : Results.Ok());
        await using var world = await StartAsync(("consumeRetryEnabled", "true"), ("backOffDuration", "10ms"));
        await WriteAsync(world.Client(await world.AddAsync("app", app)), 1, 2);
        await Eventually.TrueAsync(() => Posts(app).Count >= 4, "both arrive");
        Posts(app).Select(r => r.Text).ShouldBe(["1", "1", "1", "2"]);
    }

    [Fact]
    public async Task What_comes_while_the_app_is_away_waits_for_it()
    {
        await using var world = await StartAsync();
        var first = await AppAsync(_ => Results.Ok());
        var client = world.Client(await world.AddAsync("app", first));
        await WriteAsync(client, 1);
        await Eventually.TrueAsync(() => Posts(first).Count == 1, "it works before");
        var port = first.Port;
        await first.DisposeAsync();
        await WriteAsync(client, 2, 3);
        await using var second = await AppAsync(_ => Results.Ok(), port);
        await Eventually.TrueAsync(() => Posts(second).Count >= 2, "what came meanwhile arrives", 60);
        Posts(second).Select(r => r.Text).ShouldBe(["2", "3"]);
    }

    [Fact]
    public async Task Replicas_of_one_group_share_the_records()
    {
        await using var one = await AppAsync(_ => Results.Ok());
        await using var two = await AppAsync(_ => Results.Ok());
        await using var world = await StartAsync();
        var client = world.Client(await world.AddAsync("app", one));
        await world.AddAsync("app", two);
        var number = 0;
        await Eventually.TrueAsync(
            async () =>
            {
                await WriteAsync(client, number++);
                return Posts(one).Count > 0 && Posts(two).Count > 0;
            },
            "both get some", 60);
        await Eventually.TrueAsync(() => Posts(one).Concat(Posts(two)).Select(r => r.Text).Distinct().Count() == number, "every record arrives");
    }

    [Theory]
    [InlineData("consumerGroup", "topics=t")]
    [InlineData("topics", "consumerGroup=g")]
    [InlineData("topics", "direction=input", "consumerGroup=g")]
    [InlineData("publishTopic", "direction=output", "topics=t")]
    public async Task A_binding_that_lacks_something_stops_the_start_and_names_it(string missing, params string[] metadata)
    {
        var yaml = Yaml(metadata.Select(m => (m.Split('=')[0], m.Split('=')[1])));
        var error = await Should.ThrowAsync<DevSidecar.SidecarConfigurationException>(() => World.StartAsync(yaml));
        error.Message.ShouldContain("'records'");
        error.Message.ShouldContain($"'{missing}'");
    }

    async Task<World> StartAsync(params (string Name, string Value)[] more)
    {
        await CreateTopicAsync(_topic);
        return await World.StartAsync(Yaml(
        [
            ("topics", _topic), ("publishTopic", _topic), ("consumerGroup", "{appID}-" + _topic), ("initialOffset", "oldest"),
            ("route", "/records-of-binding"), .. Components.QuickGroup, .. more,
        ]));
    }

    string Yaml(IEnumerable<(string Name, string Value)> metadata) =>
        Components.Component("records", "bindings.kafka/v1", [("brokers", Brokers), ("authType", "none"), .. metadata]);

    static async Task WriteAsync(Dapr.Client.DaprClient client, params int[] numbers)
    {
        foreach (var number in numbers)
        {
            await client.InvokeBindingAsync("records", "create", number, new Dictionary<string, string> { ["partitionKey"] = numbers.Length > 1 ? "one" : $"{number}" });
        }
    }

    static Task<ProbeApp> AppAsync(Func<Received, IResult> answer, int port = 0) => ProbeApp.StartAsync(
        (p, a) => a.MapPost("/records-of-binding", async Task<IResult> (HttpContext c) => answer(await p.RecordAsync(c))), port: port);

    static List<Received> Posts(ProbeApp app) => [.. app.Requests.Where(r => r.Method == "POST")];
}
