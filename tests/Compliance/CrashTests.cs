using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Http.Json;
using System.Net;
using System.Text.Json;
using DevSidecar;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Forewarn.Compliance;

/// <summary>What survives kill -9, a full log and a full disk, shown with real processes.</summary>
public sealed class CrashTests
{
    const int Keys = 8;

    [Fact]
    public async Task A_killed_app_loses_no_acknowledged_message_and_keeps_the_order_per_key()
    {
        const int each = 1250;
        var folders = Environment.GetEnvironmentVariable("PATH")!.Split(Path.PathSeparator);
        Assert.SkipUnless(folders.Any(f => File.Exists(Path.Combine(f, "node"))), "node is not installed; it runs the app that is killed");
        await using var rig = new CrashRig(FreePorts.Next());
        var journal = Path.Combine(rig.Folder, "journal");
        var app = App();
        await rig.StartAsync();
        var publishing = Task.WhenAll(Enumerable.Range(0, Keys).Select(k => Task.Run(async () =>
        {
            for (var n = 0; n < each; n++)
            {
                (await rig.PublishAsync(new Numbered($"k{k}", n), $"k{k}")).ShouldBeTrue();
            }
        })));
        foreach (var after in new[] { 1500, 5000 })
        {
            await Eventually.TrueAsync(() => Read().Count > after, $"more than {after} arrive", 60);
            await app.KillAsync();
            app = App();
        }

        await publishing;
        await Eventually.TrueAsync(() => Read().Distinct().Count() == Keys * each, "every message arrives", 60);
        CrashRig.ShouldBeInOrder(Read());
        await app.DisposeAsync();

        TestProcess App() => new("node", Path.Combine(AppContext.BaseDirectory, "crash-app.mjs"), $"{rig.AppPort}", journal);

        List<Numbered> Read() => File.Exists(journal)
            ? [.. File.ReadAllText(journal).Split('\n')[..^1].Select(l => l.Split(' ')).Select(l => new Numbered(l[0], int.Parse(l[1], CultureInfo.InvariantCulture)))]
            : [];
    }

    [Fact]
    public async Task A_killed_sidecar_loses_no_acknowledged_message_and_no_stored_position()
    {
        const int each = 600;
        var arrivals = new ConcurrentQueue<Arrival>();
        await using var app = await CrashRig.ConsumerAsync(arrivals);
        await using var rig = new CrashRig(app.Port);
        await rig.StartAsync();
        var acknowledged = new ConcurrentBag<Numbered>();
        var publishing = Task.WhenAll(Enumerable.Range(0, Keys).Select(k => Task.Run(async () =>
        {
            for (var n = 0; n < each; n++)
            {
                var message = new Numbered($"k{k}", n);
                if (await rig.PublishAsync(message, $"k{k}"))
                {
                    acknowledged.Add(message);
                }
                else
                {
                    await Eventually.TrueAsync(async () => await rig.HealthAsync() is not null, "the sidecar is back", 30);
                }
            }
        })));
        await Eventually.TrueAsync(() => arrivals.Count > 1000 && Stored() > 0, "messages arrive and positions are stored", 60);
        await rig.Sidecar.KillAsync();
        var before = arrivals.ToList();
        var positions = rig.PositionsLeftBehind();
        await rig.StartAsync();
        await publishing;
        await Eventually.TrueAsync(() => acknowledged.All(Arrived().Contains), "every acknowledged message arrives", 60);
        CrashRig.ShouldBeInOrder(arrivals.Select(a => new Numbered(a.Key, a.Number)));
        var seen = before.Select(a => (a.Partition, a.Offset)).ToHashSet();
        arrivals.Skip(before.Count).Where(a => seen.Contains((a.Partition, a.Offset))).ShouldAllBe(a => a.Offset >= positions[a.Partition], "below a stored position nothing comes again");

        // In quiet the positions are complete on disk, so after another kill nothing comes again but what is new.
        var all = Arrived().Count;
        await Eventually.TrueAsync(() => Stored() == all, "all positions are stored");
        await rig.Sidecar.KillAsync();
        var count = arrivals.Count;
        await rig.StartAsync();
        (await rig.PublishAsync(new Numbered("new", 0), "new")).ShouldBeTrue();
        await Eventually.TrueAsync(() => arrivals.Any(a => a.Key == "new"), "the new message arrives");
        arrivals.Skip(count).ShouldHaveSingleItem().Key.ShouldBe("new");

        long Stored() => CrashRig.StoredPositions(Path.Combine(rig.Data, "log.db")).Values.Sum();

        HashSet<Numbered> Arrived() => [.. arrivals.Select(a => new Numbered(a.Key, a.Number))];
    }

    [Fact]
    public async Task A_killed_sidecar_loses_no_reminder()
    {
        var fired = new ConcurrentDictionary<string, int>();
        await using var app = await ProbeApp.StartAsync((_, a) =>
        {
            a.MapGet("/dapr/config", () => Results.Text("""{"entities":["Clock"]}""", "application/json"));
            a.MapPut("/actors/Clock/{id}/method/remind/{name}", (string id, string name) => fired.AddOrUpdate($"{id}/{name}", 1, (_, n) => n + 1));
            a.MapDelete("/actors/Clock/{id}", () => Results.Ok());
        });
        await using var rig = new CrashRig(app.Port);
        await rig.StartAsync();
        for (var i = 0; i < 20; i++)
        {
            (await rig.Http.PutAsJsonAsync($"/v1.0/actors/Clock/{i % 4}/reminders/r{i}", new { dueTime = "2s", data = i })).EnsureSuccessStatusCode();
        }

        await rig.Sidecar.KillAsync();
        await rig.StartAsync();
        await Eventually.TrueAsync(() => Enumerable.Range(0, 20).All(i => fired.ContainsKey($"{i % 4}/r{i}")), "every reminder fires");
    }

    [Fact]
    public async Task A_full_disk_refuses_new_reminders_with_a_reason_and_stops_none_that_runs()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/prlimit"), "prlimit is not installed");
        var ticks = 0;
        await using var app = await ProbeApp.StartAsync((_, a) =>
        {
            a.MapGet("/dapr/config", () => Results.Text("""{"entities":["Clock"]}""", "application/json"));
            a.MapPut("/actors/Clock/{id}/method/remind/{name}", () => Interlocked.Increment(ref ticks));
        });
        await using var rig = new CrashRig(app.Port);
        await rig.StartLimitableAsync();
        (await RegisterAsync("tick")).ShouldBe("");
        await Eventually.TrueAsync(() => ticks > 2, "it ticks");
        await rig.LimitFilesAsync(1);
        (await RegisterAsync("late")).ShouldContain("free disk space");
        var before = ticks;
        await Eventually.TrueAsync(() => ticks > before + 3, "it ticks on");
        await rig.LimitFilesAsync(null);
        (await RegisterAsync("late")).ShouldBe("");

        async Task<string> RegisterAsync(string name)
        {
            using var answer = await rig.Http.PutAsJsonAsync($"/v1.0/actors/Clock/a/reminders/{name}", new { dueTime = "100ms", period = "100ms" });
            return answer.IsSuccessStatusCode ? "" : await answer.Content.ReadAsStringAsync();
        }
    }

    [Fact]
    public async Task A_killed_sidecar_loses_no_saved_state()
    {
        var postgres = Environment.GetEnvironmentVariable("FOREWARN_TEST_POSTGRES");
        Assert.SkipWhen(postgres is null, "FOREWARN_TEST_POSTGRES holds no connection string");
        await using var app = await CrashRig.ConsumerAsync(new());
        await using var rig = new CrashRig(app.Port, $$"""
            apiVersion: dapr.io/v1alpha1
            kind: Component
            metadata: { name: store }
            spec:
              type: state.postgresql
              version: v2
              metadata:
              - { name: connectionString, value: "{{postgres}}" }
              - { name: tablePrefix, value: "t{{Guid.NewGuid().ToString("N")[..12]}}" }
            """);
        await rig.StartAsync();
        var saved = new ConcurrentBag<string>();
        var saving = Task.WhenAll(Enumerable.Range(0, Keys).Select(k => Task.Run(async () =>
        {
            for (var n = 0; ; n++)
            {
                try
                {
                    using var answer = await rig.Http.PostAsJsonAsync("/v1.0/state/store", new[] { new { key = $"{k}-{n}", value = n } });
                    answer.EnsureSuccessStatusCode();
                    saved.Add($"{k}-{n}");
                }
                catch (HttpRequestException)
                {
                    return;
                }
            }
        })));
        await Eventually.TrueAsync(() => saved.Count > 300, "states are saved");
        await rig.Sidecar.KillAsync();
        await saving;
        await rig.StartAsync();
        foreach (var key in saved)
        {
            (await rig.Http.GetStringAsync($"/v1.0/state/store/{key}")).ShouldBe(key.Split('-')[1]);
        }
    }

    [Fact]
    public async Task A_full_log_refuses_with_a_reason_and_takes_messages_again_when_it_is_read()
    {
        var arrivals = new ConcurrentQueue<Arrival>();
        var app = await CrashRig.ConsumerAsync(arrivals);
        await using var world = await World.StartAsync(adjust: o => o with { LogRetentionBytes = 256 * 1024 });
        var sidecar = await world.AddAsync("consumer", app);
        await app.DisposeAsync();
        await Eventually.TrueAsync(() => world.Runtime.Describe().Apps.Single().State == DevSidecar.AppSidecarState.AppLost, "the consumer is gone");
        var (acknowledged, refusal) = (0, "");
        while (refusal.Length == 0)
        {
            refusal = await PublishAsync(acknowledged);
            acknowledged += refusal.Length == 0 ? 1 : 0;
        }

        refusal.ShouldContain("the durable log is full (262144 bytes)");
        refusal.ShouldContain("let the slow consumer catch up");
        acknowledged.ShouldBeGreaterThan(50);
        await using var back = await CrashRig.ConsumerAsync(arrivals, app.Port);
        await Eventually.TrueAsync(async () => (await PublishAsync(acknowledged)).Length == 0, "there is room again");
        await Eventually.TrueAsync(() => arrivals.Select(a => a.Number).Distinct().Count() == acknowledged + 1, "nothing acknowledged is missing");

        async Task<string> PublishAsync(int number)
        {
            var message = new { key = "k", number, filler = new string('x', 2000) };
            using var answer = await world.Http(sidecar).PostAsJsonAsync("/v1.0/publish/ps/t", message, JsonSerializerOptions.Web);
            return answer.StatusCode == HttpStatusCode.NoContent ? "" : await answer.Content.ReadAsStringAsync();
        }
    }

    [Fact]
    public async Task A_full_disk_refuses_with_a_reason_and_takes_messages_again_when_there_is_room()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/prlimit"), "prlimit is not installed");
        var arrivals = new ConcurrentQueue<Arrival>();
        await using var app = await CrashRig.ConsumerAsync(arrivals);
        await using var rig = new CrashRig(app.Port);
        await rig.StartLimitableAsync();
        (await PublishAsync(0)).ShouldBe("");
        await rig.LimitFilesAsync(new FileInfo(Path.Combine(rig.Data, "log.db-wal")).Length + 300_000);
        var (acknowledged, refusal) = (1, "");
        while (refusal.Length == 0)
        {
            refusal = await PublishAsync(acknowledged);
            acknowledged += refusal.Length == 0 ? 1 : 0;
        }

        refusal.ShouldContain("the durable log cannot write");
        refusal.ShouldContain("free disk space");
        (await rig.HealthAsync()).ShouldBe(HttpStatusCode.NoContent, "the sidecar lives");
        await rig.LimitFilesAsync(null);
        (await PublishAsync(acknowledged)).ShouldBe("", "there is room again");
        await Eventually.TrueAsync(() => Arrived() == acknowledged + 1, "nothing acknowledged is missing");
        await Eventually.TrueAsync(
            () => CrashRig.StoredPositions(Path.Combine(rig.Data, "log.db")).Values.Sum() == arrivals.Select(a => (a.Partition, a.Offset)).Distinct().Count(), "positions are stored again");
        await rig.Sidecar.KillAsync();
        var count = arrivals.Count;
        await rig.StartAsync();
        (await PublishAsync(acknowledged + 1)).ShouldBe("");
        await Eventually.TrueAsync(() => arrivals.Any(a => a.Number == acknowledged + 1), "and it goes on after a kill");
        arrivals.Count.ShouldBe(count + 1);

        int Arrived() => arrivals.Select(a => a.Number).Distinct().Count();

        async Task<string> PublishAsync(int number)
        {
            try
            {
                return await rig.PublishAsync(new { key = "k", number, filler = new string('x', 4000) }, "k") ? "" : "gone";
            }
            catch (InvalidOperationException refused)
            {
                return refused.Message;
            }
        }
    }
}
