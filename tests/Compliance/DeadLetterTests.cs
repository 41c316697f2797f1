using System.Text;
using System.Text.Json;
using Dapr;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Forewarn.Compliance;

/// <summary>What becomes of messages that fail, on every broker behind <c>pubsub.kafka</c>.</summary>
public abstract class DeadLetterTests(ITarget target)
{
    /// <summary>A topic of this test alone: the broker may outlive it.</summary>
    string T { get; } = $"t-{Guid.NewGuid():N}";

    /// <summary>Null where they are not counted.</summary>
    protected virtual long? DeadLettersOf(IWorld world) => null;

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
    public async Task P15_a_message_for_an_app_that_is_away()
    {
        await using var world = await target.StartAsync();
        var first = await AppAsync(_ => Task.FromResult(Results.Ok()));
        var port = first.Port;
        var client = world.Client(await world.AddAsync("orders", first));
        await first.DisposeAsync();
        await client.PublishEventAsync("ps", T, new { number = 1 });
        await using var second = await ProbeApp.StartAsync(
            (p, a) =>
            {
                Subscribe(a);
                a.MapPost("/t", async (HttpContext c) => await p.RecordAsync(c));
                a.MapPost("/dead", async (HttpContext c) => await p.RecordAsync(c));
            },
            port: port);
        await Eventually.TrueAsync(() => !second.Requests.IsEmpty, "the message comes when the app is back");
        second.Requests.First().Path.ShouldBe(target.IsDapr ? "/dead" : "/t", "for daprd this is a failed delivery, for the dev-sidecar it is none");
    }

    [Fact]
    public async Task R3_a_message_that_comes_while_the_breaker_is_open()
    {
        const string Breaker = """

            ---
            apiVersion: dapr.io/v1alpha1
            kind: Resiliency
            metadata: { name: r }
            spec:
              policies: { circuitBreakers: { cb: { maxRequests: 1, timeout: 2s, trip: consecutiveFailures >= 1 } } }
              targets: { components: { ps: { inbound: { circuitBreaker: cb } } } }
            """;
        var key = new Dictionary<string, string> { ["partitionKey"] = "one" };
        await using var app = await ProbeApp.StartAsync((p, a) =>
        {
            Subscribe(a);
            a.MapPost("/{path}", async (HttpContext c) =>
            {
                var number = Number(await p.RecordAsync(c));
                return Results.StatusCode(number == 1 && c.Request.Path == "/t" ? 500 : 200);
            });
        });
        await using var world = await target.StartAsync(World.Standard + Breaker);
        var client = world.Client(await world.AddAsync("orders", app));
        await client.PublishEventAsync("ps", T, new { number = 1 }, key);
        await Eventually.TrueAsync(() => app.Requests.Any(r => r.Path == "/t"), "the breaker opens");
        await client.PublishEventAsync("ps", T, new { number = 2 }, key);
        await Eventually.TrueAsync(() => app.Requests.Any(r => r.Method == "POST" && Number(r) == 2), "the second message arrives");
        app.Requests.First(r => r.Method == "POST" && Number(r) == 2).Path.ShouldBe(target.IsDapr ? "/dead" : "/t", "for daprd it has failed, here it waits");
    }

    static int Number(Received received) => JsonDocument.Parse(received.Body).RootElement.GetProperty("data").GetProperty("number").GetInt32();

    void Subscribe(WebApplication app) => app.MapGet("/dapr/subscribe", () => Results.Text($$"""
        [{"pubsubname":"ps","topic":"{{T}}","route":"/t","deadLetterTopic":"{{T}}.dead"},{"pubsubname":"ps","topic":"{{T}}.dead","route":"/dead"}]
        """, "application/json"));

    Task<ProbeApp> AppAsync(Func<HttpContext, Task<IResult>> handle) => ProbeApp.StartAsync((p, a) =>
    {
        a.MapSubscribeHandler();
        a.MapPost("/t", handle).WithTopic(new TopicOptions { PubsubName = "ps", Name = T, DeadLetterTopic = T + ".dead" });
        a.MapPost("/dead", async (HttpContext c) => await p.RecordAsync(c) is null ? Results.Problem() : Results.Ok()).WithTopic("ps", T + ".dead");
    });

    async Task<(int Failing, JsonElement Dead)> DeadLetterAsync(string yaml)
    {
        var failing = 0;
        await using var app = await AppAsync(_ =>
        {
            Interlocked.Increment(ref failing);
            return Task.FromResult(Results.StatusCode(500));
        });
        await using var world = await target.StartAsync(yaml);
        var client = world.Client(await world.AddAsync("orders", app));
        await client.PublishEventAsync("ps", T, new { number = 1 }, new Dictionary<string, string> { ["cloudevent.id"] = "original" });
        await Eventually.TrueAsync(() => !app.Requests.IsEmpty, "a dead letter arrives");
        var dead = app.Requests.First();
        DeadLettersOf(world).ShouldBeOneOf(1, null);
        return (failing, JsonDocument.Parse(Encoding.UTF8.GetString(dead.Body)).RootElement);
    }
}
