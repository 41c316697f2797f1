using Dapr.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Forewarn.Compliance;

public abstract class InputBindingTests(ITarget target)
{
    [Fact]
    public async Task C1_cron_posts_an_empty_body_with_its_headers_until_it_is_deleted()
    {
        await using var app = await ProbeApp.StartAsync((p, a) => a.MapPost("/tick", c => RecordAsync(p, c)));
        await using var world = await target.StartAsync(Cron("tick", "@every 1s"));
        var sidecar = await world.AddAsync("clock", app, appToken: "secret");
        await Eventually.TrueAsync(() => app.Requests.Count >= 2, "the clock ticks");
        var tick = app.Requests.First();
        tick.Method.ShouldBe("POST");
        tick.Body.ShouldBeEmpty();
        tick.Headers["timeZone"].ShouldBe("Local");
        tick.Headers["readTimeUTC"].ShouldEndWith("+0000 UTC");
        tick.Headers["traceparent"].Length.ShouldBe(55);
        tick.Headers["dapr-api-token"].ShouldBe("secret");
        await world.Client(sidecar).InvokeBindingAsync(new BindingRequest("tick", "delete"), TestContext.Current.CancellationToken);
        var metrics = await MetricsPage.ReadAsync(sidecar);
        metrics.ShouldContain("dapr_component_input_binding_count{app_id=\"clock\",component=\"tick\",namespace=\"\",success=\"true\"}");
        metrics.ShouldContain("dapr_component_input_binding_latencies_count{app_id=\"clock\",component=\"tick\",namespace=\"\",success=\"true\"}");
    }

    [Fact]
    public async Task C2_a_route_that_exists_is_read_and_405_is_enough_but_404_is_not()
    {
        await using var app = await ProbeApp.StartAsync((p, a) =>
        {
            a.Use(async (c, next) =>
            {
                await p.RecordAsync(c);
                await next(c);
            });
            a.MapPost("/post-only", () => Results.Ok());
            a.MapMethods("/both", ["OPTIONS", "POST"], () => Results.Ok());
        });
        await using var world = await target.StartAsync(string.Join("\n---\n",
            Cron("answers-405", "@every 1s", ("route", "/post-only")),
            Cron("answers-200", "@every 1s", ("route", "both")),
            Cron("answers-404", "@every 1s"),
            Cron("not-asked", "@every 1s", ("direction", "input")),
            Cron("writes-only", "@every 1s", ("route", "/post-only"), ("direction", "output"))));
        var sidecar = await world.AddAsync("clock", app);
        await Eventually.TrueAsync(() => Posts(app, "/post-only") > 1 && Posts(app, "/both") > 1 && Posts(app, "/not-asked") > 1, "three clocks tick");
        Posts(app, "/answers-404").ShouldBe(0);
        Count(app, "OPTIONS", "/answers-404").ShouldBe(1);
        Count(app, "OPTIONS", "/not-asked").ShouldBe(0);
        var metadata = await world.Client(sidecar).GetMetadataAsync(TestContext.Current.CancellationToken);
        metadata.Components.Single(c => c.Name == "answers-405").Capabilities.ShouldBe(["INPUT_BINDING", "OUTPUT_BINDING"]);
        metadata.Components.Single(c => c.Name == "not-asked").Capabilities.ShouldBe(["INPUT_BINDING"]);
        metadata.Components.Single(c => c.Name == "writes-only").Capabilities.ShouldBe(["OUTPUT_BINDING"]);
    }

    [Fact]
    public async Task C3_a_refused_tick_is_over_and_the_next_one_comes()
    {
        await using var app = await ProbeApp.StartAsync((p, a) => a.MapPost("/tick", async (HttpContext c) =>
        {
            await p.RecordAsync(c);
            return Results.StatusCode(500);
        }));
        await using var world = await target.StartAsync(Cron("tick", "@every 1s"));
        await world.AddAsync("clock", app);
        await Eventually.TrueAsync(() => app.Requests.Count >= 2, "the next tick comes");
        app.Requests.Select(r => r.Headers["readTimeUTC"]).ShouldBeUnique("no tick is tried twice");
    }

    [Fact]
    public async Task C3_under_an_inbound_policy_a_refused_tick_is_tried_again()
    {
        await using var app = await ProbeApp.StartAsync((p, a) => a.MapPost("/tick", async (HttpContext c) =>
        {
            await p.RecordAsync(c);
            return Results.StatusCode(500);
        }));
        await using var world = await target.StartAsync(Cron("tick", "@every 1s") + """

            ---
            apiVersion: dapr.io/v1alpha1
            kind: Resiliency
            metadata: { name: r }
            spec:
              policies: { retries: { twice: { duration: 10ms, maxRetries: 2 } } }
              targets: { components: { tick: { inbound: { retry: twice } } } }
            """);
        await world.AddAsync("clock", app);
        await Eventually.TrueAsync(() => app.Requests.Count >= 6, "two ticks, each tried three times");
        app.Requests.Take(6).GroupBy(r => r.Headers["readTimeUTC"]).Select(g => g.Count()).ShouldBe([3, 3]);
    }

    [Fact]
    public async Task C3_a_tick_that_is_due_while_the_last_is_still_handled()
    {
        var (running, most) = (0, 0);
        await using var app = await ProbeApp.StartAsync((p, a) => a.MapPost("/tick", async (HttpContext c) =>
        {
            most = Math.Max(most, Interlocked.Increment(ref running));
            await Task.Delay(2500, c.RequestAborted);
            Interlocked.Decrement(ref running);
            await p.RecordAsync(c);
        }));
        await using var world = await target.StartAsync(Cron("tick", "@every 1s"));
        await world.AddAsync("clock", app);
        await Eventually.TrueAsync(() => app.Requests.Count >= 2, "two ticks are handled");
        (most > 1).ShouldBe(target.IsDapr, "daprd runs it beside the last, the dev-sidecar leaves it out");
    }

    static async Task RecordAsync(ProbeApp app, HttpContext context) => await app.RecordAsync(context);

    static int Posts(ProbeApp app, string path) => Count(app, "POST", path);

    static int Count(ProbeApp app, string method, string path) => app.Requests.Count(r => r.Method == method && r.Path == path);

    static string Cron(string name, string schedule, params (string Name, string Value)[] more) =>
        Components.Component(name, "bindings.cron/v1", [("schedule", schedule), .. more]);
}
