using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Forewarn.Compliance;

/// <summary>A12 with policies of the reminder's own.</summary>
public sealed class ReminderPolicyTests
{
    int _calls;
    int _failures = int.MaxValue;

    [Fact]
    public async Task A_constant_policy_retries_so_often_so_far_apart()
    {
        await using var app = await AppAsync();
        await using var world = await World.StartAsync();
        var http = world.Http(await world.AddAsync("actors", app));
        var started = TimeProvider.System.GetTimestamp();
        await PutAsync(http, """{"dueTime":"0s","failure_policy":{"constant":{"interval":"50ms","maxRetries":4}}}""");
        await GoneAsync(http);
        _calls.ShouldBe(5);
        TimeProvider.System.GetElapsedTime(started).ShouldBeInRange(TimeSpan.FromMilliseconds(190), TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task A_drop_policy_loses_the_tick_and_goes_on_with_the_next()
    {
        await using var app = await AppAsync();
        await using var world = await World.StartAsync();
        var http = world.Http(await world.AddAsync("actors", app));
        await PutAsync(http, """{"dueTime":"0s","period":"R3/PT0.05S","failure_policy":{"drop":{}}}""");
        await GoneAsync(http);
        _calls.ShouldBe(3);
    }

    [Fact]
    public async Task Without_a_limit_it_is_tried_until_it_succeeds()
    {
        _failures = 8;
        await using var app = await AppAsync();
        await using var world = await World.StartAsync();
        var http = world.Http(await world.AddAsync("actors", app));
        await PutAsync(http, """{"dueTime":"0s","failure_policy":{"constant":{"interval":"5ms"}}}""");
        await GoneAsync(http);
        _calls.ShouldBe(9);
    }

    [Fact]
    public async Task Retries_end_when_the_reminder_is_removed()
    {
        await using var app = await AppAsync();
        await using var world = await World.StartAsync();
        var http = world.Http(await world.AddAsync("actors", app));
        await PutAsync(http, """{"dueTime":"0s","failure_policy":{"constant":{"interval":"5ms"}}}""");
        await Eventually.TrueAsync(() => _calls > 5, "it is tried again and again");
        await http.DeleteAsync("/v1.0/actors/Plain/a/reminders/r");
        await http.PutAsync("/v1.0/actors/Plain/a/method/m", null); // waits for the turn of the last attempt
        var calls = _calls;
        await Task.Delay(100, CancellationToken.None);
        _calls.ShouldBeInRange(calls, calls + 1);
    }

    [Fact]
    public async Task A_policy_survives_a_restart_of_the_sidecar()
    {
        await using var app = await AppAsync();
        await using var world = await World.StartAsync();
        var http = world.Http(await world.AddAsync("actors", app));
        await PutAsync(http, """{"dueTime":"1s","failurePolicy":{"constant":{"interval":{"nanos":5000000},"max_retries":5}}}""");
        await world.RestartAsync();
        await GoneAsync(http);
        _calls.ShouldBe(6);
    }

    [Fact]
    public async Task An_invalid_policy_is_refused_and_named()
    {
        await using var app = await AppAsync();
        await using var world = await World.StartAsync();
        var http = world.Http(await world.AddAsync("actors", app));
        var answer = await http.PutAsync("/v1.0/actors/Plain/a/reminders/r", new StringContent("""{"dueTime":"1h","failure_policy":{"constant":{"interval":"often"}}}"""));
        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await answer.Content.ReadAsStringAsync()).ShouldContain("failure_policy: constant.interval often");
        (await http.GetAsync("/v1.0/actors/Plain/a/reminders/r")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    Task<ProbeApp> AppAsync() => ProbeApp.StartAsync((_, a) =>
    {
        a.MapGet("/dapr/config", () => Results.Text("""{"entities":["Plain"]}""", "application/json"));
        a.MapPut("/actors/Plain/a/method/m", () => Results.Ok());
        a.MapPut("/actors/Plain/a/method/remind/r", () => Interlocked.Increment(ref _calls) > _failures ? Results.Ok() : Results.StatusCode(500));
    });

    static async Task PutAsync(HttpClient http, string json) =>
        (await http.PutAsync("/v1.0/actors/Plain/a/reminders/r", new StringContent(json))).StatusCode.ShouldBe(HttpStatusCode.NoContent);

    static Task GoneAsync(HttpClient http) => Eventually.TrueAsync(
        async () => (await http.GetAsync("/v1.0/actors/Plain/a/reminders/r")).StatusCode == HttpStatusCode.NotFound, "the reminder has ended");
}
