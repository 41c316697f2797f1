using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Forewarn.Compliance;

/// <summary>Actor cases that look at the wire between sidecar and host, without the SDK on the host's side.</summary>
public abstract class ActorHostTests(ITarget target)
{
    [Fact]
    public async Task A8_an_idle_actor_is_deactivated_by_DELETE_and_comes_back_when_called()
    {
        await using var app = await HostAsync("""{"entities":["Plain"],"actorIdleTimeout":"300ms"}""");
        await using var world = await target.StartAsync();
        var http = world.Http(await world.AddAsync("actors", app));
        await http.PutAsync("/v1.0/actors/Plain/a/method/m", null, TestContext.Current.CancellationToken);
        await Eventually.TrueAsync(() => Count(app, "DELETE", "/actors/Plain/a") == 1, "the host is told");
        await http.PutAsync("/v1.0/actors/Plain/a/method/m", null, TestContext.Current.CancellationToken);
        await Eventually.TrueAsync(() => Count(app, "DELETE", "/actors/Plain/a") == 2, "and told again after the next activation");
        Count(app, "PUT", "/actors/Plain/a/method/m").ShouldBe(2);
    }

    [Fact]
    public async Task A18_a_host_cancels_a_reminder_by_its_answer()
    {
        await using var app = await HostAsync("""{"entities":["Plain"]}""");
        await using var world = await target.StartAsync();
        var http = world.Http(await world.AddAsync("actors", app));
        foreach (var name in new[] { "kept", "cancelled" })
        {
            await http.PutAsync($"/v1.0/actors/Plain/a/reminders/{name}", new StringContent("""{"dueTime":"10ms","period":"50ms"}"""), TestContext.Current.CancellationToken);
        }

        await Eventually.TrueAsync(() => Count(app, "PUT", "/actors/Plain/a/method/remind/kept") > 3, "the other reminder goes on");
        Count(app, "PUT", "/actors/Plain/a/method/remind/cancelled").ShouldBe(1);
        (await http.GetAsync("/v1.0/actors/Plain/a/reminders/cancelled", TestContext.Current.CancellationToken)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    static int Count(ProbeApp app, string method, string path) => app.Requests.Count(r => r.Method == method && r.Path == path);

    static Task<ProbeApp> HostAsync(string config) => ProbeApp.StartAsync((p, a) =>
    {
        a.MapGet("/dapr/config", () => Results.Text(config, "application/json"));
        a.Map("/actors/{**path}", async (HttpContext c) =>
        {
            await p.RecordAsync(c);
            if (c.Request.Path.Value!.EndsWith("/cancelled", StringComparison.Ordinal))
            {
                c.Response.Headers["X-DaprReminderCancel"] = "true";
            }
        });
    });
}
