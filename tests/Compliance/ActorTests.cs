using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Dapr.Actors.Client;
using Dapr.Actors.Runtime;
using Dapr.Actors;
using Dapr;
using DevSidecar;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Forewarn.Compliance;

public interface IProbeActor : IActor
{
    Task<int> AddAsync(int amount);

    Task<int> GetAsync();

    Task ForgetAsync();

    Task FailAsync(string message);

    Task SlowAsync();

    Task StartTimerAsync(bool once);

    Task StopTimerAsync();

    Task RemindAsync(string name);

    Task UnremindAsync(string name);
}

/// <summary>What happens to the actors of one test; the key is the app it happens in.</summary>
public sealed class ActorJournal
{
    public ConcurrentQueue<string> Events { get; } = new();

    public int Overlaps;

    public int Running;

    public int MostRunning;

    public int FailReminders;

    public int Count(string text) => Events.Count(e => e == text);
}

public sealed class ProbeActor(ActorHost host, ActorJournal journal) : Actor(host), IProbeActor, IRemindable
{
    int _inside;

    public async Task<int> AddAsync(int amount)
    {
        var value = await StateManager.GetOrAddStateAsync("n", 0) + amount;
        await StateManager.SetStateAsync("n", value);
        return value;
    }

    public Task<int> GetAsync() => StateManager.GetOrAddStateAsync("n", 0);

    public Task ForgetAsync() => StateManager.RemoveStateAsync("n");

    public Task FailAsync(string message) => throw new InvalidOperationException(message);

    public async Task SlowAsync()
    {
        if (Interlocked.Increment(ref _inside) > 1)
        {
            Interlocked.Increment(ref journal.Overlaps);
        }

        journal.MostRunning = Math.Max(journal.MostRunning, Interlocked.Increment(ref journal.Running));
        await Task.Delay(10);
        Interlocked.Decrement(ref journal.Running);
        Interlocked.Decrement(ref _inside);
        journal.Events.Enqueue("slow " + Id);
    }

    public Task StartTimerAsync(bool once) => RegisterTimerAsync(
        "tick", nameof(OnTickAsync), Encoding.UTF8.GetBytes("payload"), TimeSpan.FromMilliseconds(20), once ? TimeSpan.FromMilliseconds(-1) : TimeSpan.FromMilliseconds(20));

    public Task StopTimerAsync() => UnregisterTimerAsync("tick");

    public async Task OnTickAsync(byte[] data)
    {
        journal.Events.Enqueue("tick " + Encoding.UTF8.GetString(data));
        if (Interlocked.Increment(ref _inside) > 1)
        {
            Interlocked.Increment(ref journal.Overlaps);
        }

        await Task.Delay(60);
        Interlocked.Decrement(ref _inside);
    }

    public Task RemindAsync(string name) => RegisterReminderAsync(name, "abc"u8.ToArray(), TimeSpan.FromMilliseconds(300), TimeSpan.FromMilliseconds(-1));

    public Task UnremindAsync(string name) => UnregisterReminderAsync(name);

    public Task ReceiveReminderAsync(string reminderName, byte[] state, TimeSpan dueTime, TimeSpan period)
    {
        journal.Events.Enqueue($"remind {reminderName} {Encoding.UTF8.GetString(state)} {dueTime.TotalMilliseconds} {period.TotalMilliseconds}");
        return Interlocked.Decrement(ref journal.FailReminders) >= 0 ? throw new InvalidOperationException("not yet") : Task.CompletedTask;
    }

    protected override Task OnDeactivateAsync()
    {
        journal.Events.Enqueue("deactivated " + Id);
        return Task.CompletedTask;
    }
}

public abstract class ActorTests(ITarget target)
{
    [Fact]
    public async Task A1_A6_calls_without_remoting_and_state_that_stays()
    {
        var journal = new ActorJournal();
        await using var app = await AppAsync(journal, 1000);
        await using var world = await target.StartAsync();
        var sidecar = await world.AddAsync("actors", app);
        var actor = Weak(sidecar, "one");
        (await actor.InvokeMethodAsync<int, int>(nameof(IProbeActor.AddAsync), 5)).ShouldBe(5);
        (await actor.InvokeMethodAsync<int, int>(nameof(IProbeActor.AddAsync), 2)).ShouldBe(7);
        await Eventually.TrueAsync(() => journal.Count("deactivated one") == 1, "A8: an idle actor is deactivated");
        (await actor.InvokeMethodAsync<int>(nameof(IProbeActor.GetAsync))).ShouldBe(7);
        await actor.InvokeMethodAsync(nameof(IProbeActor.ForgetAsync));
        (await actor.InvokeMethodAsync<int>(nameof(IProbeActor.GetAsync))).ShouldBe(0);
    }

    [Fact]
    public async Task A2_A3_A22_remoting_passes_results_and_exceptions()
    {
        await using var app = await AppAsync(new());
        await using var world = await target.StartAsync();
        var sidecar = await world.AddAsync("actors", app);
        var actor = ActorProxy.Create<IProbeActor>(new("x"), "ProbeActor", Options(sidecar));
        (await actor.AddAsync(3)).ShouldBe(3);
        (await actor.GetAsync()).ShouldBe(3);
        var error = await Should.ThrowAsync<ActorMethodInvocationException>(() => actor.FailAsync("too hot"));
        error.ToString().ShouldContain("too hot");
    }

    [Fact]
    public async Task A4_an_exception_without_remoting_is_a_DaprApiException()
    {
        await using var app = await AppAsync(new());
        await using var world = await target.StartAsync();
        var actor = Weak(await world.AddAsync("actors", app), "x");
        await Should.ThrowAsync<DaprApiException>(() => actor.InvokeMethodAsync(nameof(IProbeActor.FailAsync), "no"));
    }

    [Fact]
    public async Task A5_one_actor_takes_turns_and_many_run_side_by_side()
    {
        var journal = new ActorJournal();
        await using var app = await AppAsync(journal);
        await using var world = await target.StartAsync();
        var sidecar = await world.AddAsync("actors", app);
        var one = Weak(sidecar, "one");
        await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => one.InvokeMethodAsync(nameof(IProbeActor.SlowAsync))));
        journal.Overlaps.ShouldBe(0);
        journal.MostRunning.ShouldBe(1);
        await Task.WhenAll(Enumerable.Range(0, 40).Select(i => Weak(sidecar, $"many-{i}").InvokeMethodAsync(nameof(IProbeActor.SlowAsync))));
        journal.Overlaps.ShouldBe(0);
        journal.MostRunning.ShouldBeGreaterThan(1);
    }

    [Fact]
    public async Task A7_state_of_an_inactive_actor_is_refused()
    {
        await using var app = await AppAsync(new());
        await using var world = await target.StartAsync();
        var sidecar = await world.AddAsync("actors", app);
        using var http = new HttpClient();
        var answer = await http.GetAsync($"http://127.0.0.1:{sidecar.HttpPort}//v1.0/actors/ProbeActor/sleeping/state/n");
        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldContain("ERR_ACTOR_INSTANCE_MISSING");
    }

    [Fact]
    public async Task A9_timers_repeat_do_not_overlap_and_stop()
    {
        var journal = new ActorJournal();
        await using var app = await AppAsync(journal);
        await using var world = await target.StartAsync();
        var sidecar = await world.AddAsync("actors", app);
        var actor = Weak(sidecar, "t");
        await actor.InvokeMethodAsync(nameof(IProbeActor.StartTimerAsync), false);
        await Eventually.TrueAsync(() => journal.Count("tick payload") >= 3, "the timer repeats");
        await actor.InvokeMethodAsync(nameof(IProbeActor.StopTimerAsync));
        journal.Overlaps.ShouldBe(0);
        var before = journal.Count("tick payload");
        await Weak(sidecar, "once").InvokeMethodAsync(nameof(IProbeActor.StartTimerAsync), true);
        await Eventually.TrueAsync(() => journal.Count("tick payload") > before, "a one-shot timer fires");
    }

    [Fact]
    public async Task A10_A14_reminders_fire_with_empty_times_or_not_at_all_when_removed()
    {
        var journal = new ActorJournal();
        await using var app = await AppAsync(journal);
        await using var world = await target.StartAsync();
        var actor = Weak(await world.AddAsync("actors", app), "r");
        await actor.InvokeMethodAsync(nameof(IProbeActor.RemindAsync), "gone");
        await actor.InvokeMethodAsync(nameof(IProbeActor.UnremindAsync), "gone");
        await actor.InvokeMethodAsync(nameof(IProbeActor.RemindAsync), "wake");
        await Eventually.TrueAsync(() => journal.Count("remind wake abc -1 -1") == 1, "the reminder fires");
        journal.Events.ShouldNotContain("remind gone abc -1 -1");
    }

    [Fact]
    public async Task A11_a_reminder_survives_a_restart_of_the_sidecar()
    {
        var journal = new ActorJournal();
        await using var app = await AppAsync(journal);
        await using var world = await target.StartAsync();
        await Weak(await world.AddAsync("actors", app), "r").InvokeMethodAsync(nameof(IProbeActor.RemindAsync), "later");
        await world.RestartAsync();
        await Eventually.TrueAsync(() => journal.Count("remind later abc -1 -1") == 1, "the reminder fires after the restart");
    }

    [Fact]
    public async Task A12_a_failing_reminder_is_retried_three_times()
    {
        var journal = new ActorJournal { FailReminders = 2 };
        await using var app = await AppAsync(journal);
        await using var world = await target.StartAsync();
        await Weak(await world.AddAsync("actors", app), "r").InvokeMethodAsync(nameof(IProbeActor.RemindAsync), "again");
        await Eventually.TrueAsync(() => journal.Count("remind again abc -1 -1") == 3, "two failures, then success");
    }

    [Fact]
    public async Task A13_A16_A17_reminders_are_overwritten_counted_and_end_with_their_ttl()
    {
        var journal = new ActorJournal();
        await using var app = await AppAsync(journal);
        await using var world = await target.StartAsync();
        var http = world.Http(await world.AddAsync("actors", app));
        async Task PutAsync(string name, string json, HttpStatusCode expected = HttpStatusCode.NoContent) =>
            (await http.PutAsync($"/v1.0/actors/ProbeActor/x/reminders/{name}", new StringContent(json))).StatusCode.ShouldBe(expected);
        await PutAsync("over", """{"dueTime":"1h","period":"","data":"b25l"}""");
        await PutAsync("over", """{"dueTime":"10ms","period":"","data":"dHdv"}""");
        await PutAsync("three", """{"dueTime":"10ms","period":"R3/PT0.05S","data":"eA=="}""");
        await PutAsync("short", """{"dueTime":"10ms","period":"50ms","ttl":"400ms","data":"eA=="}""");
        await PutAsync("days", """{"dueTime":"1s","period":"R3/P1DT"}""", HttpStatusCode.InternalServerError);
        await Eventually.TrueAsync(() => journal.Count("remind over two -1 -1") == 1 && journal.Count("remind three x -1 -1") == 3, "both fire");
        await Eventually.TrueAsync(
            async () => (await http.GetAsync("/v1.0/actors/ProbeActor/x/reminders/short")).StatusCode == HttpStatusCode.NotFound, "the ttl ends it");
        journal.Count("remind over one -1 -1").ShouldBe(0);
        journal.Count("remind three x -1 -1").ShouldBe(3);
        (await http.GetAsync("/v1.0/actors/ProbeActor/x/reminders/three")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A15_a_missing_reminder_is_404_and_A21_a_foreign_type_is_refused()
    {
        await using var app = await AppAsync(new());
        await using var world = await target.StartAsync();
        var http = world.Http(await world.AddAsync("actors", app));
        (await http.GetAsync("/v1.0/actors/ProbeActor/x/reminders/none", TestContext.Current.CancellationToken)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        var foreign = world.Http(await world.AddClientAsync());
        (await foreign.PutAsync("/v1.0/actors/ProbeActor/x/reminders/a", new StringContent("{}"), TestContext.Current.CancellationToken)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task A20_two_hosts_share_the_actors_and_one_takes_over_from_the_other()
    {
        var (left, right) = (new ActorJournal(), new ActorJournal());
        var first = await AppAsync(left);
        await using var second = await AppAsync(right);
        await using var world = await target.StartAsync();
        var leaving = await world.AddAsync("actors", first);
        var sidecar = await world.AddAsync("actors", second);
        var ids = Enumerable.Range(0, 30).Select(i => $"id-{i}").ToArray();
        for (var round = 0; round < 2; round++)
        {
            foreach (var id in ids)
            {
                await Weak(sidecar, id).InvokeMethodAsync(nameof(IProbeActor.SlowAsync));
            }
        }

        var (onLeft, onRight) = (left.Events.ToHashSet(), right.Events.ToHashSet());
        onLeft.Overlaps(onRight).ShouldBeFalse();
        (onLeft.Count + onRight.Count).ShouldBe(30);
        onLeft.ShouldNotBeEmpty();
        onRight.ShouldNotBeEmpty();
        await Weak(sidecar, ids[0]).InvokeMethodAsync<int, int>(nameof(IProbeActor.AddAsync), 4);
        await first.DisposeAsync();
        if (target.IsDapr)
        {
            // Nothing tells daprd that an app has gone. Its actors move when the sidecar ends.
            await leaving.StopAsync();
        }

        foreach (var id in ids)
        {
            await Weak(sidecar, id).InvokeMethodAsync(nameof(IProbeActor.SlowAsync));
        }

        right.Events.ToHashSet().Count(e => e.StartsWith("slow", StringComparison.Ordinal)).ShouldBe(30);
        var stateIsThere = !target.IsDapr || onRight.Contains("slow " + ids[0]);
        (await Weak(sidecar, ids[0]).InvokeMethodAsync<int>(nameof(IProbeActor.GetAsync))).ShouldBe(stateIsThere ? 4 : 0, "state.in-memory is private to each daprd");
    }

    static ActorProxy Weak(ISidecar sidecar, string id) => ActorProxy.Create(new(id), "ProbeActor", Options(sidecar));

    static ActorProxyOptions Options(ISidecar sidecar) => new() { HttpEndpoint = $"http://127.0.0.1:{sidecar.HttpPort}" };

    static async Task<ProbeApp> AppAsync(ActorJournal journal, int idleMs = 600_000)
    {
        // The actors ask the sidecar for their state, so its port must be known before the app starts.
        var sidecarPort = FreePorts.Next();
        return await ProbeApp.StartAsync(
            (_, a) => a.MapActorsHandlers(),
            b =>
            {
                b.Services.AddSingleton(journal);
                b.Services.AddActors(o =>
                {
                    o.Actors.RegisterActor<ProbeActor>();
                    o.ActorIdleTimeout = TimeSpan.FromMilliseconds(idleMs);
                    o.HttpEndpoint = $"http://127.0.0.1:{sidecarPort}";
                });
            },
            sidecarPort: sidecarPort);
    }
}
