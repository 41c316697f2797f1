using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Dapr;
using Dapr.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Forewarn.Compliance;

/// <summary>What holds on every broker behind <c>pubsub.kafka</c>.</summary>
public abstract class PubSubTests(ITarget target)
{
    sealed record Order(string Host, int Number);

    /// <summary>A topic of this test alone: the broker may outlive it.</summary>
    string T { get; } = $"t-{Guid.NewGuid():N}";

    [Fact]
    public async Task P1_json_arrives_in_an_envelope_with_all_fields()
    {
        await using var app = await RecordingAsync(T);
        await using var world = await target.StartAsync();
        var client = world.Client(await world.AddAsync("orders", app));
        await client.PublishEventAsync("ps", T, new Order("a", 7));
        var got = await NextAsync(app);
        got.Headers["Content-Type"].ShouldStartWith("application/cloudevents+json");
        got.Headers["pubsubName"].ShouldBe("ps");
        got.Headers["__topic"].ShouldBe(T);
        var json = JsonDocument.Parse(got.Body).RootElement;
        Guid.TryParse(json.GetProperty("id").GetString(), out _).ShouldBeTrue();
        json.GetProperty("specversion").GetString().ShouldBe("1.0");
        json.GetProperty("type").GetString().ShouldBe("com.dapr.event.sent");
        json.GetProperty("source").GetString().ShouldBe("orders");
        json.GetProperty("topic").GetString().ShouldBe(T);
        json.GetProperty("pubsubname").GetString().ShouldBe("ps");
        json.GetProperty("datacontenttype").GetString().ShouldBe("application/json");
        DateTimeOffset.TryParse(json.GetProperty("time").GetString(), out _).ShouldBeTrue();
        json.GetProperty("traceparent").GetString()!.Length.ShouldBe(55);
        json.GetProperty("traceid").GetString().ShouldBe(json.GetProperty("traceparent").GetString());
        json.GetProperty("data").GetProperty("number").GetInt32().ShouldBe(7);
    }

    [Fact]
    public async Task P2_text_is_a_string()
    {
        var data = await PublishRawAsync("text/plain", "grüße \"x\""u8.ToArray());
        data.GetProperty("data").GetString().ShouldBe("grüße \"x\"");
    }

    [Fact]
    public async Task P3_octets_are_base64()
    {
        var data = await PublishRawAsync("application/octet-stream", [0, 255, 7]);
        data.GetProperty("data_base64").GetBytesFromBase64().ShouldBe([0, 255, 7]);
        data.TryGetProperty("data", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task P4_a_cloud_event_keeps_its_id_type_and_source()
    {
        await using var app = await RecordingAsync(T);
        await using var world = await target.StartAsync();
        var client = world.Client(await world.AddAsync("orders", app));
        await client.PublishEventAsync("ps", T, new CloudEvent<Order>(new("h", 1)) { Type = "order.v1", Source = new("urn:mine") });
        var json = JsonDocument.Parse((await NextAsync(app)).Body).RootElement;
        json.GetProperty("type").GetString().ShouldBe("order.v1");
        json.GetProperty("source").GetString().ShouldBe("urn:mine");
        json.GetProperty("topic").GetString().ShouldBe(T);
        json.GetProperty("data").GetProperty("host").GetString().ShouldBe("h");
    }

    [Fact]
    public async Task P5_the_event_id_can_be_given()
    {
        await using var app = await RecordingAsync(T);
        await using var world = await target.StartAsync();
        var client = world.Client(await world.AddAsync("orders", app));
        await client.PublishEventAsync("ps", T, new Order("h", 1), new Dictionary<string, string> { ["cloudevent.id"] = "my-id" });
        JsonDocument.Parse((await NextAsync(app)).Body).RootElement.GetProperty("id").GetString().ShouldBe("my-id");
    }

    [Fact]
    public async Task P6_an_empty_event_is_empty_text()
    {
        await using var app = await RecordingAsync(T);
        await using var world = await target.StartAsync();
        await world.Client(await world.AddAsync("orders", app)).PublishEventAsync("ps", T);
        var json = JsonDocument.Parse((await NextAsync(app)).Body).RootElement;
        json.GetProperty("datacontenttype").GetString().ShouldBe("text/plain");
        json.GetProperty("data").GetString().ShouldBe("");
    }

    [Fact]
    public async Task P7_raw_payload_goes_through_unchanged()
    {
        await using var app = await ProbeApp.StartAsync((p, a) =>
        {
            a.UseCloudEvents();
            a.MapSubscribeHandler();
            a.MapPost("/t", async (HttpContext c) => await p.RecordAsync(c)).WithTopic("ps", T, enableRawPayload: true);
        });
        await using var world = await target.StartAsync();
        var client = world.Client(await world.AddAsync("orders", app));
        await client.PublishByteEventAsync("ps", T, new byte[] { 1, 2, 0xFF }, "application/octet-stream", new Dictionary<string, string> { ["rawPayload"] = "true" });
        (await NextAsync(app)).Body.ShouldBe([1, 2, 0xFF]);
    }

    [Theory]
    [InlineData("P8 empty 200 acknowledges", 200, "", 1)]
    [InlineData("P8 a body without status acknowledges", 200, """{"x":1}""", 1)]
    [InlineData("P9 RETRY delivers again", 200, """{"status":"RETRY"}""", 2)]
    [InlineData("P10 DROP acknowledges", 200, """{"status":"DROP"}""", 1)]
    [InlineData("P11 404 acknowledges", 404, "", 1)]
    [InlineData("P12 500 delivers again", 500, "", 2)]
    [InlineData("P13 an unknown status delivers again", 200, """{"status":"Done"}""", 2)]
    public async Task P8_to_P13_the_answer_decides(string name, int status, string body, int deliveries)
    {
        var first = true;
        await using var app = await ProbeApp.StartAsync((p, a) =>
        {
            a.MapSubscribeHandler();
            a.MapPost("/t", async (HttpContext c) =>
            {
                await p.RecordAsync(c);
                var answer = first;
                first = false;
                c.Response.StatusCode = answer ? status : 200;
                await c.Response.WriteAsync(answer ? body : "", c.RequestAborted);
            }).WithTopic("ps", T);
        });
        await using var world = await target.StartAsync();
        var client = world.Client(await world.AddAsync("orders", app));
        var key = new Dictionary<string, string> { ["partitionKey"] = "one" };
        await client.PublishEventAsync("ps", T, new Order("a", 1), key);
        await client.PublishEventAsync("ps", T, new Order("b", 2), key);
        await Eventually.TrueAsync(() => app.Requests.Count == deliveries + 1, name);
        app.Requests.Select(r => JsonDocument.Parse(r.Body).RootElement.GetProperty("data").GetProperty("number").GetInt32())
            .ShouldBe(deliveries == 1 ? [1, 2] : [1, 1, 2], name);
    }

    [Fact]
    public async Task P16_order_holds_per_key()
    {
        var seen = new ConcurrentDictionary<string, List<int>>();
        await using var app = await OrdersAsync((o, _) => seen.GetOrAdd(o.Host, _ => []).Add(o.Number));
        await using var world = await target.StartAsync();
        var client = world.Client(await world.AddAsync("orders", app));
        for (var batch = 0; batch < 25; batch++)
        {
            foreach (var key in Enumerable.Range(0, 8).Select(k => $"host-{k}"))
            {
                var events = Enumerable.Range(batch * 10, 10).Select(n => new Order(key, n)).ToList();
                await client.BulkPublishEventAsync("ps", T, events, new Dictionary<string, string> { ["partitionKey"] = key });
            }
        }

        await Eventually.TrueAsync(() => seen.Values.Sum(v => v.Count) == 2000, "2,000 messages arrive", 60);
        seen.Count.ShouldBe(8);
        seen.Values.ShouldAllBe(v => v.SequenceEqual(Enumerable.Range(0, 250)));
    }

    [Fact]
    public async Task P17_one_message_is_in_flight_per_partition()
    {
        var inFlight = new ConcurrentDictionary<string, int>();
        var (most, overlaps, done) = (0, 0, 0);
        await using var app = await ProbeApp.StartAsync((p, a) =>
        {
            a.MapSubscribeHandler();
            a.MapPost("/t", async (HttpContext c) =>
            {
                var partition = c.Request.Headers["__partition"].ToString();
                if (inFlight.AddOrUpdate(partition, 1, (_, n) => n + 1) > 1)
                {
                    Interlocked.Increment(ref overlaps);
                }

                most = Math.Max(most, inFlight.Values.Sum());
                await Task.Delay(5, c.RequestAborted);
                inFlight.AddOrUpdate(partition, 0, (_, n) => n - 1);
                Interlocked.Increment(ref done);
            }).WithTopic("ps", T);
        });
        await using var world = await target.StartAsync();
        var client = world.Client(await world.AddAsync("orders", app));
        await Parallel.ForAsync(0, 120, async (i, token) =>
            await client.PublishEventAsync("ps", T, new Order("h", i), new Dictionary<string, string> { ["partitionKey"] = $"k{i % 40}" }, token));
        await Eventually.TrueAsync(() => Volatile.Read(ref done) == 120, "all handled");
        overlaps.ShouldBe(0);
        most.ShouldBeGreaterThan(1);
    }

    [Fact]
    public async Task P18_two_replicas_share_and_duplicate_nothing()
    {
        var (one, two) = (new ConcurrentBag<int>(), new ConcurrentBag<int>());
        await using var first = await OrdersAsync((o, _) => one.Add(o.Number));
        await using var second = await OrdersAsync((o, _) => two.Add(o.Number));
        async Task PublishAsync(DaprClient client, int number) =>
            await client.PublishEventAsync("ps", T, new Order("h", number), new Dictionary<string, string> { ["partitionKey"] = $"k{number}" });
        await using var world = await target.StartAsync();
        var client = world.Client(await world.AddAsync("orders", first));
        await world.AddAsync("orders", second);
        for (var warming = -1; one.IsEmpty || two.IsEmpty; warming--)
        {
            await PublishAsync(client, warming);
            await Task.Delay(20);
        }

        for (var i = 0; i < 200; i++)
        {
            await PublishAsync(client, i);
        }

        await Eventually.TrueAsync(() => one.Concat(two).Count(n => n >= 0) >= 200, "all delivered");
        one.Concat(two).Where(n => n >= 0).Order().ShouldBe(Enumerable.Range(0, 200));
        one.ShouldContain(n => n >= 0);
        two.ShouldContain(n => n >= 0);
    }

    [Fact]
    public async Task P20_an_unknown_pubsub_is_refused()
    {
        await using var world = await target.StartAsync();
        var sidecar = await world.AddClientAsync();
        var http = world.Http(sidecar);
        var answer = await http.PostAsJsonAsync("/v1.0/publish/nope/t", new { a = 1 }, TestContext.Current.CancellationToken);
        answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldContain("ERR_PUBSUB_NOT_FOUND");
        var error = await Should.ThrowAsync<DaprException>(() => world.Client(sidecar).PublishEventAsync("nope", "t", 1));
        ((global::Grpc.Core.RpcException)error.InnerException!).StatusCode.ShouldBe(global::Grpc.Core.StatusCode.InvalidArgument);
    }

    [Fact]
    public async Task P19_the_first_matching_route_wins_and_without_a_match_the_message_is_dropped()
    {
        await using var app = await ProbeApp.StartAsync((p, a) =>
        {
            a.MapGet("/dapr/subscribe", () => Results.Text($$$"""
                [{"pubsubname":"ps","topic":"{{{T}}}","routes":{"rules":[
                    {"match":"event.data.number > 10","path":"/big"},{"match":"event.data.number > 5","path":"/middle"}]}},
                 {"pubsubname":"ps","topic":"{{{T}}}-end","route":"/end"}]
                """));
            a.MapFallback(async (HttpContext c) => await p.RecordAsync(c));
        });
        await using var world = await target.StartAsync();
        var client = world.Client(await world.AddAsync("orders", app));
        var key = new Dictionary<string, string> { ["partitionKey"] = "one" };
        foreach (var number in new[] { 1, 7, 20 })
        {
            await client.PublishEventAsync("ps", T, new Order("h", number), key);
        }

        await Eventually.TrueAsync(() => app.Requests.Any(r => r.Path == "/big"), "the last of the key is handled, hence all");
        app.Requests.Where(r => r.Method == "POST").Select(r => r.Path).ShouldBe(["/middle", "/big"]);
    }

    [Fact]
    public async Task P21_scopes_deny_publishing()
    {
        await using var world = await target.StartAsync(World.Standard.Replace(
            "- { name: initialOffset", "- { name: publishingScopes, value: \"orders=allowed;nobody=\" }\n  - { name: initialOffset", StringComparison.Ordinal));
        var http = world.Http(await world.AddClientAsync("orders"));
        (await http.PostAsJsonAsync("/v1.0/publish/ps/allowed", 1)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await http.PostAsJsonAsync("/v1.0/publish/ps/other", 1)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        var error = await Should.ThrowAsync<DaprException>(async () => await world.Client(await world.AddClientAsync("nobody")).PublishEventAsync("ps", "allowed", 1));
        ((global::Grpc.Core.RpcException)error.InnerException!).StatusCode.ShouldBe(global::Grpc.Core.StatusCode.PermissionDenied);
    }

    [Fact]
    public async Task P22_an_expired_message_is_not_delivered()
    {
        await using var world = await target.StartAsync();
        var client = world.Client(await world.AddClientAsync("early"));
        var one = new Dictionary<string, string> { ["partitionKey"] = "one" };
        await client.PublishEventAsync("ps", T, new Order("old", 1), new Dictionary<string, string>(one) { ["ttlInSeconds"] = "1" });
        var published = TimeProvider.System.GetTimestamp();
        await Eventually.TrueAsync(() => TimeProvider.System.GetElapsedTime(published) > TimeSpan.FromSeconds(2.1), "the message expires");
        await client.PublishEventAsync("ps", T, new Order("new", 2), new Dictionary<string, string>(one) { ["ttlInSeconds"] = "60" });
        await using var app = await RecordingAsync(T);
        await world.AddAsync("orders", app);
        JsonDocument.Parse((await NextAsync(app)).Body).RootElement.GetProperty("data").GetProperty("host").GetString().ShouldBe("new");
    }

    [Fact]
    public async Task P23_the_trace_goes_on()
    {
        const string Parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        var got = await PublishJsonAsync(T, "1", r => r.Headers.Add("traceparent", Parent));
        got.Headers["traceparent"].ShouldStartWith(Parent[..36]);
        got.Headers["traceparent"].ShouldNotBe(Parent);
    }

    [Fact]
    public async Task P24_a_topic_has_a_slash()
    {
        Assert.SkipUnless(target.TakesSlashesInTopics, "Kafka takes no slash in the name of a topic");
        var got = await PublishJsonAsync(T + "/b", "1");
        JsonDocument.Parse(got.Body).RootElement.GetProperty("topic").GetString().ShouldBe(T + "/b");
    }

    [Fact]
    public async Task P25_a_big_number_keeps_its_digits() => (await PublishJsonAsync(T, """{"n":9007199254740993.10}""")).Text.ShouldContain("9007199254740993.10");

    [Fact]
    public async Task P1_the_bytes_of_the_data_stay_as_they_are_or_are_written_anew()
    {
        var got = await PublishJsonAsync(T, """{ "b": 1, "a": 2 }""");
        got.Text.ShouldContain(target.IsDapr ? """:{"a":2,"b":1}""" : """{ "b": 1, "a": 2 }""");
    }

    Task<ProbeApp> RecordingAsync(string topic) => ProbeApp.StartAsync((p, a) =>
    {
        a.MapSubscribeHandler();
        a.MapPost("/" + topic, async (HttpContext c) => await p.RecordAsync(c) is null ? Results.Problem() : Results.Ok()).WithTopic("ps", topic);
    });

    Task<ProbeApp> OrdersAsync(Action<Order, HttpContext> handle) => ProbeApp.StartAsync((_, a) =>
    {
        a.UseCloudEvents();
        a.MapSubscribeHandler();
        a.MapPost("/t", (Order o, HttpContext c) => handle(o, c)).WithTopic("ps", T);
    });

    static async Task<Received> NextAsync(ProbeApp app)
    {
        await Eventually.TrueAsync(() => !app.Requests.IsEmpty, "a message arrives");
        return app.Requests.First();
    }

    async Task<Received> PublishJsonAsync(string topic, string json, Action<HttpRequestMessage>? adjust = null)
    {
        await using var app = await RecordingAsync(topic);
        await using var world = await target.StartAsync();
        var http = world.Http(await world.AddAsync("orders", app));
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/v1.0/publish/ps/{topic}") { Content = new StringContent(json, Encoding.UTF8, "application/json") };
        adjust?.Invoke(request);
        (await http.SendAsync(request)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        return await NextAsync(app);
    }

    async Task<JsonElement> PublishRawAsync(string contentType, byte[] body)
    {
        await using var app = await RecordingAsync(T);
        await using var world = await target.StartAsync();
        await world.Client(await world.AddAsync("orders", app)).PublishByteEventAsync("ps", T, body, contentType);
        return JsonDocument.Parse((await NextAsync(app)).Body).RootElement;
    }
}
