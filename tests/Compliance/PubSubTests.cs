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
public abstract class PubSubTests
{
    sealed record Order(string Host, int Number);

    /// <summary>A topic of this test alone: the broker may outlive it.</summary>
    string T { get; } = $"t-{Guid.NewGuid():N}";

    protected abstract Task<World> StartAsync(string yaml = World.Standard);

    /// <summary>Null where they are not counted.</summary>
    protected abstract long? DeadLettersOf(World world);

    [Fact]
    public async Task P1_json_arrives_in_an_envelope_with_all_fields()
    {
        await using var app = await RecordingAsync(T);
        await using var world = await StartAsync();
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
        await using var world = await StartAsync();
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
        await using var world = await StartAsync();
        var client = world.Client(await world.AddAsync("orders", app));
        await client.PublishEventAsync("ps", T, new Order("h", 1), new Dictionary<string, string> { ["cloudevent.id"] = "my-id" });
        JsonDocument.Parse((await NextAsync(app)).Body).RootElement.GetProperty("id").GetString().ShouldBe("my-id");
    }

    [Fact]
    public async Task P6_an_empty_event_is_empty_text()
    {
        await using var app = await RecordingAsync(T);
        await using var world = await StartAsync();
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
        await using var world = await StartAsync();
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
        await using var world = await StartAsync();
        var client = world.Client(await world.AddAsync("orders", app));
        var key = new Dictionary<string, string> { ["partitionKey"] = "one" };
        await client.PublishEventAsync("ps", T, new Order("a", 1), key);
        await client.PublishEventAsync("ps", T, new Order("b", 2), key);
        await Eventually.TrueAsync(() => app.Requests.Count == deliveries + 1, name);
        app.Requests.Select(r => JsonDocument.Parse(r.Body).RootElement.GetProperty("data").GetProperty("number").GetInt32())
            .ShouldBe(deliveries == 1 ? [1, 2] : [1, 1, 2], name);
    }

    [Fact]
    public async Task P14_after_the_policy_the_dead_letter_has_the_original_envelope()
    {
        const string Policy = """

            ---
            apiVersion: dapr.io/v1alpha1
            kind: Resiliency
            metadata: { name: r }
            spec:
              policies:
                retries:
                  twice: { policy: constant, duration: 20ms, maxRetries: 2 }
              targets:
                components:
                  ps: { inbound: { retry: twice } }
            """;
        var (failing, dead) = await DeadLetterAsync(World.Standard + Policy);
        failing.ShouldBe(3);
        dead.GetProperty("topic").GetString().ShouldBe(T);
        dead.GetProperty("id").GetString().ShouldBe("original");
    }

    [Fact]
    public async Task P15_without_a_policy_the_first_failure_is_a_dead_letter()
    {
        var (failing, dead) = await DeadLetterAsync(World.Standard);
        failing.ShouldBe(1);
        dead.GetProperty("id").GetString().ShouldBe("original");
    }

    [Fact]
    public async Task P16_order_holds_per_key()
    {
        var seen = new ConcurrentDictionary<string, List<int>>();
        await using var app = await OrdersAsync((o, _) => seen.GetOrAdd(o.Host, _ => []).Add(o.Number));
        await using var world = await StartAsync();
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
        await using var world = await StartAsync();
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
        await using var world = await StartAsync();
        var client = world.Client(await world.AddAsync("orders", first));
        await world.AddAsync("orders", second);
        await Eventually.TrueAsync(() => world.Runtime.Describe().Queues.Any(q => q.Topic == T && q.Consumers == 2), "both hold partitions");
        for (var i = 0; i < 200; i++)
        {
            await client.PublishEventAsync("ps", T, new Order("h", i), new Dictionary<string, string> { ["partitionKey"] = $"k{i}" });
        }

        await Eventually.TrueAsync(() => one.Count + two.Count >= 200, "all delivered");
        one.Concat(two).Order().ShouldBe(Enumerable.Range(0, 200));
        one.ShouldNotBeEmpty();
        two.ShouldNotBeEmpty();
    }

    [Fact]
    public async Task P20_an_unknown_pubsub_is_refused()
    {
        await using var world = await StartAsync();
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
        await using var world = await StartAsync();
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
        await using var world = await StartAsync(World.Standard.Replace(
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
        await using var world = await StartAsync();
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
    public async Task P23_P24_P25_the_trace_goes_on_topics_have_slashes_and_numbers_keep_their_digits()
    {
        const string Parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        await using var app = await ProbeApp.StartAsync((p, a) =>
        {
            a.MapSubscribeHandler();
            a.MapPost("/t", async (HttpContext c) => await p.RecordAsync(c) is null ? Results.Problem() : Results.Ok()).WithTopic("ps", T + "/b");
        });
        await using var world = await StartAsync();
        var http = world.Http(await world.AddAsync("orders", app));
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/v1.0/publish/ps/{T}/b") { Content = new StringContent("""{"n":9007199254740993.10}""", Encoding.UTF8, "application/json") };
        request.Headers.Add("traceparent", Parent);
        (await http.SendAsync(request)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        var got = await NextAsync(app);
        got.Headers["traceparent"].ShouldStartWith(Parent[..36]);
        got.Headers["traceparent"].ShouldNotBe(Parent);
        got.Text.ShouldContain("9007199254740993.10");
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

    async Task<JsonElement> PublishRawAsync(string contentType, byte[] body)
    {
        await using var app = await RecordingAsync(T);
        await using var world = await StartAsync();
        await world.Client(await world.AddAsync("orders", app)).PublishByteEventAsync("ps", T, body, contentType);
        return JsonDocument.Parse((await NextAsync(app)).Body).RootElement;
    }

    async Task<(int Failing, JsonElement Dead)> DeadLetterAsync(string yaml)
    {
        var failing = 0;
        await using var app = await ProbeApp.StartAsync((p, a) =>
        {
            a.MapSubscribeHandler();
            a.MapPost("/t", () =>
            {
                Interlocked.Increment(ref failing);
                return Results.StatusCode(500);
            }).WithTopic(new TopicOptions { PubsubName = "ps", Name = T, DeadLetterTopic = T + ".dead" });
            a.MapPost("/dead", async (HttpContext c) => await p.RecordAsync(c) is null ? Results.Problem() : Results.Ok()).WithTopic("ps", T + ".dead");
        });
        await using var world = await StartAsync(yaml);
        var client = world.Client(await world.AddAsync("orders", app));
        await client.PublishEventAsync("ps", T, new Order("a", 1), new Dictionary<string, string> { ["cloudevent.id"] = "original" });
        var dead = await NextAsync(app);
        DeadLettersOf(world).ShouldBeOneOf(1, null);
        return (failing, JsonDocument.Parse(Encoding.UTF8.GetString(dead.Body)).RootElement);
    }
}
