using System.Globalization;
using System.Net;
using System.Text;
using Dapr;
using Dapr.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Forewarn.Compliance;

public abstract class ResiliencyTests(ITarget target)
{
    const string Policies = """

        ---
        apiVersion: dapr.io/v1alpha1
        kind: Resiliency
        metadata: { name: r }
        spec:
          policies:
            timeouts: { short: 300ms }
            retries:
              thrice: { duration: 10ms, maxRetries: 3 }
              unavailable: { duration: 10ms, maxRetries: 3, matching: { httpStatusCodes: "503" } }
            circuitBreakers: { cb: { maxRequests: 1, timeout: 3s, trip: consecutiveFailures >= 2 } }
          targets:
            apps:
              retried: { retry: thrice }
              picky: { retry: unavailable }
              slow: { timeout: short }
              broken: { circuitBreaker: cb }
            components:
              hook: { outbound: { retry: thrice } }
              ps: { inbound: { timeout: short, retry: thrice } }
        """;

    [Fact]
    public async Task R1_an_app_is_called_once_and_three_times_more()
    {
        await using var app = await CountingAsync(_ => 500);
        await using var world = await target.StartAsync(World.Standard + Policies);
        await world.AddAsync("retried", app);
        var http = world.Http(await world.AddClientAsync());
        var answer = await http.PostAsync("/v1.0/invoke/retried/method/x", new StringContent("a"), TestContext.Current.CancellationToken);
        answer.StatusCode.ShouldBe(HttpStatusCode.InternalServerError);
        (await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldBe("status 500", "the last answer is passed on");
        Calls(app).ShouldBe(4);
        app.Requests.Where(r => r.Path == "/x").ShouldAllBe(r => r.Text == "a");
        using var chunked = new HttpRequestMessage(HttpMethod.Post, "/v1.0/invoke/retried/method/x") { Content = new StringContent("a") };
        chunked.Headers.TransferEncodingChunked = true;
        (await http.SendAsync(chunked, TestContext.Current.CancellationToken)).StatusCode.ShouldBe(HttpStatusCode.InternalServerError);
        Calls(app).ShouldBe(5, "a chunked body cannot be sent again");
    }

    [Fact]
    public async Task R1_retries_end_with_success_and_only_matching_statuses_are_retried()
    {
        await using var app = await CountingAsync(call => call switch { 1 or 2 => 503, 4 => 500, _ => 200 });
        await using var world = await target.StartAsync(World.Standard + Policies);
        await world.AddAsync("picky", app);
        var http = world.Http(await world.AddClientAsync());
        (await http.PostAsync("/v1.0/invoke/picky/method/x", new StringContent("a"), TestContext.Current.CancellationToken)).StatusCode.ShouldBe(HttpStatusCode.OK);
        Calls(app).ShouldBe(3);
        (await http.PostAsync("/v1.0/invoke/picky/method/x", new StringContent("a"), TestContext.Current.CancellationToken)).StatusCode.ShouldBe(HttpStatusCode.InternalServerError);
        Calls(app).ShouldBe(4, "500 is not among the statuses");
    }

    [Fact]
    public async Task R1_an_output_binding_is_called_once_and_three_times_more()
    {
        await using var hook = await CountingAsync(_ => 500);
        await using var world = await target.StartAsync(Components.Component("hook", "bindings.http/v1", ("url", $"http://127.0.0.1:{hook.Port}/x")) + Policies);
        var sidecar = await world.AddClientAsync();
        await Should.ThrowAsync<DaprException>(() => world.Client(sidecar).InvokeBindingAsync(new BindingRequest("hook", "post") { Data = Encoding.UTF8.GetBytes("{}") }));
        Calls(hook).ShouldBe(4);
        var metrics = await MetricsPage.ReadAsync(sidecar);
        metrics.ShouldContain(Metric("count", "retry", "Binding_hook", "") + " 1");
        metrics.ShouldContain(Metric("activations_total", "retry", "Binding_hook", "") + " 3");
    }

    [Fact]
    public async Task R2_a_time_out_cancels_the_call()
    {
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var isThere = false;
        await using var app = await ProbeApp.StartAsync((_, a) => a.MapGet("/x", (HttpContext c) =>
        {
            Volatile.Write(ref isThere, true);
            return HangAsync(c, cancelled);
        }));
        await using var world = await target.StartAsync(World.Standard + Policies);
        await world.AddAsync("slow", app);
        var client = await world.AddClientAsync();
        // On a busy machine the time may be out before the first request has reached the app.
        var calls = 0;
        while (!Volatile.Read(ref isThere) && calls++ < 20)
        {
            var answer = await world.Http(client).GetAsync("/v1.0/invoke/slow/method/x", TestContext.Current.CancellationToken);
            answer.StatusCode.ShouldBe(HttpStatusCode.InternalServerError);
            (await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldContain("ERR_DIRECT_INVOKE");
        }
        await Eventually.TrueAsync(() => cancelled.Task.IsCompleted, "the app sees the request aborted");
        (await MetricsPage.ReadAsync(client)).ShouldContain(string.Create(CultureInfo.InvariantCulture, $"{Metric("activations_total", "timeout", "app_slow", "")} {calls}"));
    }

    [Fact]
    public async Task R2_a_delivery_that_takes_too_long_is_cancelled_and_tried_again()
    {
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var topic = $"t-{Guid.NewGuid():N}";
        await using var app = await ProbeApp.StartAsync((p, a) =>
        {
            a.MapGet("/dapr/subscribe", () => Results.Text($$"""[{"pubsubname":"ps","topic":"{{topic}}","route":"/t"}]""", "application/json"));
            a.MapPost("/t", async (HttpContext c) =>
            {
                await p.RecordAsync(c);
                await (p.Requests.Count == 1 ? HangAsync(c, cancelled) : Task.CompletedTask);
            });
        });
        await using var world = await target.StartAsync(World.Standard + Policies);
        var client = world.Client(await world.AddAsync("app", app));
        await client.PublishEventAsync("ps", topic, new { n = 1 }, TestContext.Current.CancellationToken);
        await Eventually.TrueAsync(() => app.Requests.Count >= 2, "a second attempt");
        await cancelled.Task;
    }

    [Fact]
    public async Task R3_a_breaker_opens_and_is_tried_again_after_its_time_out()
    {
        var broken = true;
        await using var app = await CountingAsync(_ => broken ? 500 : 200);
        await using var world = await target.StartAsync(World.Standard + Policies);
        await world.AddAsync("broken", app);
        var client = await world.AddClientAsync();
        var http = world.Http(client);
        async Task<string> CallAsync(string method = "x")
        {
            var answer = await http.GetAsync($"/v1.0/invoke/broken/method/{method}", TestContext.Current.CancellationToken);
            return await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        }

        (await CallAsync()).ShouldBe("status 500");
        (await CallAsync()).ShouldBe("status 500");
        (await CallAsync()).ShouldContain("circuit breaker is open");
        Calls(app).ShouldBe(2);
        (await MetricsPage.ReadAsync(client)).ShouldContain(Metric("cb_state", "circuitbreaker", "app_broken", "open") + " 1");
        (await CallAsync("y")).ShouldBe("status 500", "every method has its own breaker");
        await Eventually.TrueAsync(async () => !(await CallAsync()).Contains("open", StringComparison.Ordinal), "the breaker lets one call through");
        Calls(app).ShouldBe(3, "and opens again when it fails");
        (await CallAsync()).ShouldContain("circuit breaker is open");
        broken = false;
        await Eventually.TrueAsync(async () => await CallAsync() == "status 200", "a good call closes it");
        (await CallAsync()).ShouldBe("status 200");
        (await MetricsPage.ReadAsync(client)).ShouldContain(Metric("cb_state", "circuitbreaker", "app_broken", "closed") + " 1");
    }

    [Theory]
    [InlineData("type", 2)]
    [InlineData("id", 4)]
    public async Task R3_actors_of_a_type_share_a_breaker_or_each_has_its_own(string scope, int callsThatArrive)
    {
        await using var app = await ActorHostAsync(_ => Results.StatusCode(500));
        await using var world = await target.StartAsync(World.Standard + $$"""

            ---
            apiVersion: dapr.io/v1alpha1
            kind: Resiliency
            metadata: { name: r }
            spec:
              policies: { circuitBreakers: { cb: { timeout: 1m, trip: consecutiveFailures >= 2 } } }
              targets: { actors: { Plain: { circuitBreaker: cb, circuitBreakerScope: {{scope}} } } }
            """);
        var http = world.Http(await world.AddAsync("actors", app));
        foreach (var id in new[] { "a", "a", "a", "b", "b", "b" })
        {
            (await http.PutAsync($"/v1.0/actors/Plain/{id}/method/m", null, TestContext.Current.CancellationToken)).StatusCode.ShouldBe(HttpStatusCode.InternalServerError);
        }

        app.Requests.Count(r => r.Method == "PUT").ShouldBe(callsThatArrive);
    }

    [Fact]
    public async Task R1_R2_actor_calls_are_retried_and_time_out()
    {
        await using var app = await ActorHostAsync(async context =>
        {
            await Task.Delay(context.Request.Path.Value!.EndsWith("hang", StringComparison.Ordinal) ? Timeout.Infinite : 0, context.RequestAborted);
            return Results.StatusCode(500);
        });
        await using var world = await target.StartAsync(World.Standard + """

            ---
            apiVersion: dapr.io/v1alpha1
            kind: Resiliency
            metadata: { name: r }
            spec:
              policies: { timeouts: { short: 300ms }, retries: { twice: { duration: 10ms, maxRetries: 2 } } }
              targets: { actors: { Plain: { timeout: short, retry: twice } } }
            """);
        var http = world.Http(await world.AddAsync("actors", app));
        foreach (var method in new[] { "fail", "hang" })
        {
            (await http.PutAsync($"/v1.0/actors/Plain/a/method/{method}", null, TestContext.Current.CancellationToken)).StatusCode.ShouldBe(HttpStatusCode.InternalServerError);
            app.Requests.Count(r => r.Path.EndsWith(method, StringComparison.Ordinal)).ShouldBe(3);
        }
    }

    static Task<ProbeApp> CountingAsync(Func<int, int> status) => ProbeApp.StartAsync((p, a) => a.MapFallback(async (HttpContext c) =>
    {
        await p.RecordAsync(c);
        var answer = c.Request.Path == "/x" || c.Request.Path == "/y" ? status(Calls(p)) : 404;
        return Results.Text($"status {answer}", statusCode: answer);
    }));

    static Task<ProbeApp> ActorHostAsync(Func<HttpContext, IResult> answer) => ActorHostAsync(c => Task.FromResult(answer(c)));

    static Task<ProbeApp> ActorHostAsync(Func<HttpContext, Task<IResult>> answer) => ProbeApp.StartAsync((p, a) =>
    {
        a.MapGet("/dapr/config", () => Results.Text("""{"entities":["Plain"]}""", "application/json"));
        a.MapPut("/actors/{**path}", async (HttpContext c) =>
        {
            await p.RecordAsync(c);
            return await answer(c);
        });
    });

    static async Task HangAsync(HttpContext context, TaskCompletionSource cancelled)
    {
        using var registration = context.RequestAborted.Register(() => cancelled.TrySetResult());
        await Task.Delay(Timeout.Infinite, context.RequestAborted);
    }

    static int Calls(ProbeApp app) => app.Requests.Count(r => r.Path == "/x");

    static string Metric(string name, string policy, string target, string status) =>
        MetricsPage.Sorted($"dapr_resiliency_{name}{{app_id=\"client\",name=\"r\",policy=\"{policy}\",namespace=\"\",flow_direction=\"outbound\",target=\"{target}\",status=\"{status}\"}}");
}
