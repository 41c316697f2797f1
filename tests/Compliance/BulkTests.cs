using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Dapr.AspNetCore;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Forewarn.Compliance;

/// <summary>Bulk publishing and delivery, as they hold on every broker behind <c>pubsub.kafka</c>.</summary>
public abstract class BulkTests(ITarget target)
{
    sealed record Item(string Key, int Number);

    /// <summary>A topic of this test alone: the broker may outlive it.</summary>
    string T { get; } = $"t-{Guid.NewGuid():N}";

    [Fact]
    public async Task B1_the_sdk_publishes_in_bulk()
    {
        var batches = new ConcurrentQueue<int[]>();
        await using var app = await BulkAsync(100, 50, (m, _) => Answer(m, batches, _ => BulkSubscribeAppResponseStatus.SUCCESS));
        await using var world = await target.StartAsync();
        var client = world.Client(await world.AddAsync("bulk", app));
        var response = await client.BulkPublishEventAsync("ps", T, Enumerable.Range(0, 50).Select(n => new Item("a", n)).ToList());
        response.FailedEntries.ShouldBeEmpty();
        await Eventually.TrueAsync(() => batches.Sum(b => b.Length) == 50, "all arrive");
        batches.SelectMany(b => b).Order().ShouldBe(Enumerable.Range(0, 50));
    }

    [Fact]
    public async Task B2_http_bulk_keeps_order_per_entry_key()
    {
        var seen = new ConcurrentQueue<Item>();
        await using var app = await BulkAsync(100, 20, (m, _) =>
        {
            m.Entries.ForEach(e => seen.Enqueue(e.Event.Data));
            return Answer(m, new(), _ => BulkSubscribeAppResponseStatus.SUCCESS);
        });
        await using var world = await target.StartAsync();
        var http = world.Http(await world.AddAsync("bulk", app));
        var entries = Enumerable.Range(0, 100).Select(n => new
        {
            entryId = $"{n}",
            @event = new Item($"k{n % 5}", n),
            contentType = "application/json",
            metadata = new { partitionKey = $"k{n % 5}" },
        });
        var answer = await http.PostAsJsonAsync($"/v1.0/publish/bulk/ps/{T}", entries, TestContext.Current.CancellationToken);
        answer.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await Eventually.TrueAsync(() => seen.Count == 100, "all arrive");
        foreach (var key in seen.GroupBy(i => i.Key))
        {
            key.Select(i => i.Number).ShouldBe(key.Select(i => i.Number).Order());
        }
    }

    [Fact]
    public async Task B3_a_full_batch_goes_at_once()
    {
        var batches = new ConcurrentQueue<int[]>();
        await using var app = await BulkAsync(10, 60_000, (m, _) => Answer(m, batches, _ => BulkSubscribeAppResponseStatus.SUCCESS));
        await using var world = await target.StartAsync();
        var client = world.Client(await world.AddAsync("bulk", app));
        await client.BulkPublishEventAsync("ps", T, Enumerable.Range(0, 30).Select(n => new Item("a", n)).ToList());
        await Eventually.TrueAsync(() => batches.Sum(b => b.Length) == 30, "three full batches do not wait a minute");
        batches.ShouldAllBe(b => b.Length <= 10);
    }

    [Fact]
    public async Task B4_a_partial_batch_goes_after_the_wait()
    {
        var batches = new ConcurrentQueue<int[]>();
        await using var app = await BulkAsync(1000, 30, (m, _) => Answer(m, batches, _ => BulkSubscribeAppResponseStatus.SUCCESS));
        await using var world = await target.StartAsync();
        var client = world.Client(await world.AddAsync("bulk", app));
        await client.BulkPublishEventAsync("ps", T, Enumerable.Range(0, 7).Select(n => new Item("a", n)).ToList());
        await Eventually.TrueAsync(() => batches.Sum(b => b.Length) == 7, "the batch is flushed");
    }

    [Fact]
    public async Task B5_RETRY_delivers_that_entry_and_its_followers_again()
    {
        var batches = new ConcurrentQueue<int[]>();
        var failed = false;
        await using var app = await BulkAsync(100, 20, (m, _) => Answer(m, batches, n =>
        {
            var fail = n == 2 && !failed;
            failed |= fail;
            return fail ? BulkSubscribeAppResponseStatus.RETRY : BulkSubscribeAppResponseStatus.SUCCESS;
        }));
        await using var world = await target.StartAsync();
        var client = world.Client(await world.AddAsync("bulk", app));
        await client.BulkPublishEventAsync("ps", T, Enumerable.Range(0, 5).Select(n => new Item("a", n)).ToList(), new Dictionary<string, string> { ["partitionKey"] = "a" });
        await Eventually.TrueAsync(() => batches.Sum(b => b.Length) == 8, "2, 3 and 4 come again");
        batches.SelectMany(b => b).ShouldBe([0, 1, 2, 3, 4, 2, 3, 4]);
    }

    [Fact]
    public async Task B6_an_empty_answer_delivers_everything_again()
    {
        var deliveries = 0;
        var batches = new ConcurrentQueue<int[]>();
        await using var app = await BulkAsync(100, 20, (m, _) =>
            Interlocked.Increment(ref deliveries) == 1 ? Results.Ok() : Answer(m, batches, _ => BulkSubscribeAppResponseStatus.SUCCESS));
        await using var world = await target.StartAsync();
        var client = world.Client(await world.AddAsync("bulk", app));
        await client.BulkPublishEventAsync("ps", T, new[] { new Item("a", 1), new Item("a", 2) }, new Dictionary<string, string> { ["partitionKey"] = "a" });
        await Eventually.TrueAsync(() => batches.Sum(b => b.Length) == 2, "both come again");
        batches.SelectMany(b => b).ShouldBe([1, 2]);
    }

    [Fact]
    public async Task B7_DROP_ends_that_entry_only()
    {
        var batches = new ConcurrentQueue<int[]>();
        await using var app = await BulkAsync(100, 20, (m, _) =>
            Answer(m, batches, n => n == 1 ? BulkSubscribeAppResponseStatus.DROP : BulkSubscribeAppResponseStatus.SUCCESS));
        await using var world = await target.StartAsync();
        var client = world.Client(await world.AddAsync("bulk", app));
        var key = new Dictionary<string, string> { ["partitionKey"] = "a" };
        await client.BulkPublishEventAsync("ps", T, Enumerable.Range(0, 3).Select(n => new Item("a", n)).ToList(), key);
        await client.PublishEventAsync("ps", T, new Item("a", 3), key);
        await Eventually.TrueAsync(() => batches.Sum(b => b.Length) >= 4, "the next message comes");
        batches.SelectMany(b => b).ShouldBe([0, 1, 2, 3]);
    }

    [Fact]
    public async Task B8_raw_payload_arrives_as_base64()
    {
        await using var app = await ProbeApp.StartAsync((p, a) =>
        {
            a.MapGet("/dapr/subscribe", () => Results.Text($$$"""
                [{"pubsubname":"ps","topic":"{{{T}}}","route":"/bulk","metadata":{"rawPayload":"true"},"bulkSubscribe":{"enabled":true,"maxMessagesCount":10,"maxAwaitDurationMs":20}}]
                """));
            a.MapPost("/bulk", async (HttpContext c) =>
            {
                var entries = JsonDocument.Parse((await p.RecordAsync(c)).Body).RootElement.GetProperty("entries");
                return Results.Json(new { statuses = entries.EnumerateArray().Select(e => new { entryId = e.GetProperty("entryId").GetString(), status = "SUCCESS" }) });
            });
        });
        await using var world = await target.StartAsync();
        var client = world.Client(await world.AddAsync("bulk", app));
        await client.PublishByteEventAsync("ps", T, new byte[] { 1, 0xFF }, "application/octet-stream", new Dictionary<string, string> { ["rawPayload"] = "true" });
        await Eventually.TrueAsync(() => app.Requests.Any(r => r.Path == "/bulk"), "the batch arrives");
        var body = JsonDocument.Parse(app.Requests.First(r => r.Path == "/bulk").Body).RootElement;
        body.GetProperty("type").GetString().ShouldBe("com.dapr.event.sent.bulk");
        body.GetProperty("pubsubname").GetString().ShouldBe("ps");
        var entry = body.GetProperty("entries")[0];
        entry.GetProperty("event").GetBytesFromBase64().ShouldBe([1, 0xFF]);
        entry.GetProperty("contentType").GetString().ShouldBe("application/octet-stream");
    }

    [Fact]
    public async Task P25_a_big_number_in_a_batch_keeps_its_digits_or_is_rounded()
    {
        await using var app = await ProbeApp.StartAsync((p, a) =>
        {
            a.MapGet("/dapr/subscribe", () => Results.Text($$$"""
                [{"pubsubname":"ps","topic":"{{{T}}}","route":"/bulk","bulkSubscribe":{"enabled":true,"maxMessagesCount":10,"maxAwaitDurationMs":20}}]
                """));
            a.MapPost("/bulk", async (HttpContext c) => await p.RecordAsync(c) is null ? Results.Problem() : Results.NotFound());
        });
        await using var world = await target.StartAsync();
        await world.Client(await world.AddAsync("bulk", app)).PublishEventAsync("ps", T, new { n = 9007199254740993 });
        await Eventually.TrueAsync(() => app.Requests.Any(r => r.Path == "/bulk"), "the batch arrives");
        app.Requests.First(r => r.Path == "/bulk").Text.ShouldContain(target.IsDapr ? "9007199254740992" : "9007199254740993");
    }

    [Fact]
    public async Task B9_duplicated_or_empty_entry_ids_are_refused()
    {
        await using var world = await target.StartAsync();
        var http = world.Http(await world.AddClientAsync());
        foreach (var id in new[] { "", "1" })
        {
            var entries = new[] { new { entryId = "1", @event = 1, contentType = "application/json" }, new { entryId = id, @event = 2, contentType = "application/json" } };
            var answer = await http.PostAsJsonAsync($"/v1.0/publish/bulk/ps/{T}", entries, TestContext.Current.CancellationToken);
            answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        }
    }

    static IResult Answer(
        BulkSubscribeMessage<BulkMessageModel<Item>> message, ConcurrentQueue<int[]> batches, Func<int, BulkSubscribeAppResponseStatus> status)
    {
        batches.Enqueue([.. message.Entries.Select(e => e.Event.Data.Number)]);
        return Results.Json(new BulkSubscribeAppResponse([.. message.Entries.Select(e => new BulkSubscribeAppResponseEntry(e.EntryId, status(e.Event.Data.Number)))]));
    }

    Task<ProbeApp> BulkAsync(int max, int awaitMs, Func<BulkSubscribeMessage<BulkMessageModel<Item>>, HttpContext, IResult> handle) => ProbeApp.StartAsync((_, a) =>
    {
        a.UseCloudEvents();
        a.MapSubscribeHandler();
        a.MapPost("/bulk", (BulkSubscribeMessage<BulkMessageModel<Item>> m, HttpContext c) => handle(m, c))
            .WithTopic("ps", T)
            .WithBulkSubscribe(new BulkSubscribeTopicOptions { TopicName = T, MaxMessagesCount = max, MaxAwaitDurationMs = awaitMs });
    });
}
