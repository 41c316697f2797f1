using System.Collections.Concurrent;
using System.Diagnostics;
using Dapr;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Forewarn.Compliance;

/// <summary>Brokers, replicas and processes come and go; no message the broker took is lost.</summary>
public sealed class KafkaFailureTests(KafkaFixture kafka) : IClassFixture<KafkaFixture>
{
    readonly string _topic = $"fail-{Guid.NewGuid():N}";

    string AppId => $"app-{_topic}";

    [Fact]
    public async Task A_message_in_flight_survives_a_rebalance_and_keeps_its_place()
    {
        await kafka.CreateTopicAsync(_topic, 1);
        var (entered, release) = (new TaskCompletionSource(), new TaskCompletionSource());
        var (one, two) = (new ConcurrentQueue<int>(), new ConcurrentQueue<int>());
        await using var slow = await ProbeApp.StartAsync((_, a) =>
        {
            a.UseCloudEvents();
            a.MapSubscribeHandler();
            a.MapPost("/t", async (HttpContext c) =>
            {
                entered.TrySetResult();
                await release.Task;
                one.Enqueue(await c.Request.ReadFromJsonAsync<int>());
            }).WithTopic("ps", _topic);
        });
        await using var other = await AppAsync(two);
        await using var world = await kafka.StartWorldAsync();
        var client = world.Client(await world.AddAsync(AppId, slow));
        await PublishAsync(client, 0, 10);
        await entered.Task.WaitAsync(TimeSpan.FromSeconds(20));
        await world.AddAsync(AppId, other);
        await Eventually.TrueAsync(() => world.Runtime.Describe().Apps.Count == 2, "the second replica is there");
        two.ShouldBeEmpty();
        release.SetResult();
        await Eventually.TrueAsync(() => one.Concat(two).Distinct().Count() == 10, "every message arrives", 60);
        one.Distinct().ShouldBe(one.Distinct().Order());
        two.Distinct().ShouldBe(two.Distinct().Order());
    }

    [Fact]
    public async Task An_app_that_takes_longer_than_a_session_keeps_its_partition()
    {
        await kafka.CreateTopicAsync(_topic, 1);
        var seen = new ConcurrentQueue<int>();
        await using var app = await ProbeApp.StartAsync((_, a) =>
        {
            a.UseCloudEvents();
            a.MapSubscribeHandler();
            a.MapPost("/t", async (HttpContext c) =>
            {
                var number = await c.Request.ReadFromJsonAsync<int>();
                await Task.Delay(TimeSpan.FromSeconds(number == 0 ? 8 : 0));
                seen.Enqueue(number);
            }).WithTopic("ps", _topic);
        });
        await using var world = await kafka.StartWorldAsync();
        await PublishAsync(world.Client(await world.AddAsync(AppId, app)), 0, 3);
        await Eventually.TrueAsync(() => seen.Contains(2), "all arrive", 60);
        seen.ShouldBe([0, 1, 2]);
    }

    [Fact]
    public async Task A_replica_ends_while_the_broker_is_away()
    {
        Assert.SkipUnless(kafka.IsMock, "a real broker is not switched off by a test");
        await using var broker = new KafkaFixture();
        await broker.InitializeAsync();
        await broker.CreateTopicAsync(_topic, 12);
        var seen = new ConcurrentQueue<int>();
        await using var app = await AppAsync(seen);
        await using var world = await broker.StartWorldAsync();
        var replica = await world.AddAsync(AppId, app);
        await PublishAsync(world.Client(replica), 0, 20);
        await Eventually.TrueAsync(() => seen.Count == 20, "it works before");
        await broker.DownAsync();
        await replica.StopAsync().WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task While_the_broker_is_away_publishing_fails_and_afterwards_all_goes_on_by_itself()
    {
        Assert.SkipUnless(kafka.IsMock, "a real broker is not switched off by a test");
        await using var broker = new KafkaFixture();
        await broker.InitializeAsync();
        await broker.CreateTopicAsync(_topic, 12);
        var seen = new ConcurrentQueue<int>();
        await using var app = await AppAsync(seen);
        await using var world = await broker.StartWorldAsync(metadata: ("writeTimeout", "1s"));
        var client = world.Client(await world.AddAsync(AppId, app));
        await client.PublishEventAsync("ps", _topic, 1);
        await Eventually.TrueAsync(() => seen.Contains(1), "it works before");

        await broker.DownAsync();
        var error = await Should.ThrowAsync<DaprException>(() => client.PublishEventAsync("ps", _topic, 2));
        error.InnerException!.Message.ShouldContain("has not taken the message");
        await broker.UpAsync();

        await Eventually.TrueAsync(() => TryPublishAsync(3), "publishing works again");
        await Eventually.TrueAsync(() => seen.Contains(3), "consuming works again", 60);

        async Task<bool> TryPublishAsync(int number)
        {
            try
            {
                await client.PublishEventAsync("ps", _topic, number);
                return true;
            }
            catch (DaprException)
            {
                return false;
            }
        }
    }

    [Fact]
    public async Task A_broker_that_is_away_does_not_stop_the_start()
    {
        Assert.SkipUnless(kafka.IsMock, "a real broker is not switched off by a test");
        await using var broker = new KafkaFixture();
        await broker.InitializeAsync();
        await broker.DownAsync();
        var seen = new ConcurrentQueue<int>();
        await using var app = await AppAsync(seen);
        await using var world = await broker.StartWorldAsync(metadata: [("writeTimeout", "1s"), ("metadataTimeout", "500ms")]);
        var client = world.Client(await world.AddAsync(AppId, app));
        var error = await Should.ThrowAsync<DaprException>(() => client.PublishEventAsync("ps", _topic, 1));
        error.InnerException!.Message.ShouldContain("Check that the brokers can be reached");

        await broker.UpAsync();
        await using var plain = PlainKafka.Confluent(broker.Brokers);
        await plain.ProduceAsync(_topic, """{"specversion":"1.0","id":"1","source":"s","type":"t","datacontenttype":"application/json","data":7}""");
        await Eventually.TrueAsync(() => seen.Contains(7), "the subscription begins by itself", 60);
    }

    [Fact]
    public async Task A_replica_that_joins_and_one_that_leaves_lose_nothing()
    {
        var (one, two) = (new ConcurrentQueue<int>(), new ConcurrentQueue<int>());
        await kafka.CreateTopicAsync(_topic, 12);
        await using var first = await AppAsync(one);
        await using var second = await AppAsync(two);
        await using var world = await kafka.StartWorldAsync();
        var staying = await world.AddAsync(AppId, first);
        var client = world.Client(staying);
        await PublishAsync(client, 0, 100);
        var leaving = await world.AddAsync(AppId, second);
        await PublishAsync(client, 100, 200);
        await Eventually.TrueAsync(() => world.Runtime.Describe().Queues.Any(q => q.Topic == _topic && q.Consumers == 2), "both hold partitions", 60);
        await PublishAsync(client, 200, 300);
        await Eventually.TrueAsync(() => two.Any(n => n >= 200), "the second replica gets its share", 60);
        await leaving.StopAsync();
        await PublishAsync(client, 300, 400);
        await Eventually.TrueAsync(() => one.Concat(two).Distinct().Count() == 400, "every message arrives", 60);
    }

    [Fact]
    public async Task A_killed_consumer_loses_nothing()
    {
        var (one, two) = (new ConcurrentQueue<int>(), new ConcurrentQueue<int>());
        await kafka.CreateTopicAsync(_topic, 12);
        await using var first = await AppAsync(one);
        await using var second = await AppAsync(two);
        await using var world = await kafka.StartWorldAsync();
        var client = world.Client(await world.AddClientAsync("publisher"));
        using (var victim = StartSidecar(world, first.Port))
        {
            await PublishAsync(client, 0, 200);
            await Eventually.TrueAsync(() => one.Count >= 50, "the victim works", 60);
            victim.Kill();
            await victim.WaitForExitAsync();
        }

        await world.AddAsync(AppId, second);
        await PublishAsync(client, 200, 250);
        await Eventually.TrueAsync(() => one.Concat(two).Distinct().Count() == 250, "every message arrives", 60);
    }

    [Fact]
    public async Task A_group_that_starts_at_the_newest_misses_nothing_from_its_first_assignment_on()
    {
        var seen = new ConcurrentQueue<int>();
        await kafka.CreateTopicAsync(_topic, 12);
        await using var app = await AppAsync(seen);
        await using var world = await kafka.StartWorldAsync(World.Standard.Replace("value: oldest", "value: newest", StringComparison.Ordinal));
        var client = world.Client(await world.AddClientAsync("publisher"));
        await PublishAsync(client, 0, 20);
        var replica = await world.AddAsync(AppId, app);
        await Eventually.TrueAsync(() => world.Runtime.Describe().Queues.Any(q => q.Topic == _topic && q.Consumers == 1), "it holds partitions");
        await replica.StopAsync();
        await PublishAsync(client, 20, 40);
        await world.AddAsync(AppId, app);
        await Eventually.TrueAsync(() => seen.Distinct().Count() == 20, "what came while it was away arrives", 60);
        seen.ShouldAllBe(n => n >= 20);
    }

    Task<ProbeApp> AppAsync(ConcurrentQueue<int> seen) => ProbeApp.StartAsync((_, a) =>
    {
        a.UseCloudEvents();
        a.MapSubscribeHandler();
        a.MapPost("/t", async (HttpContext c) => seen.Enqueue(await c.Request.ReadFromJsonAsync<int>())).WithTopic("ps", _topic);
    });

    async Task PublishAsync(Dapr.Client.DaprClient client, int from, int to)
    {
        for (var n = from; n < to; n++)
        {
            await client.PublishEventAsync("ps", _topic, n, new Dictionary<string, string> { ["partitionKey"] = $"k{n % 40}" });
        }
    }

    /// <summary>A replica of the app whose sidecar is a process of its own.</summary>
    Process StartSidecar(World world, int appPort)
    {
        string[] arguments =
        [
            .. Programs.Sidecar[1..], "--app-id", AppId, "--app-port", $"{appPort}", "--dapr-http-port", "0",
            "--dapr-grpc-port", "0", "--resources-path", world.Resources, "--data-dir", world.DataDirectory + "-victim",
        ];
        var start = new ProcessStartInfo(Programs.Sidecar[0], arguments) { RedirectStandardOutput = true };
        start.Environment["KAFKA_BROKERS"] = kafka.Brokers;
        var process = Process.Start(start)!;
        process.OutputDataReceived += static (_, _) => { };
        process.BeginOutputReadLine();
        return process;
    }
}
