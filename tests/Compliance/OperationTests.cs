using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Forewarn.Compliance;

public abstract class OperationTests(ITarget target)
{
    [Fact]
    public async Task G1_a_graceful_stop_loses_no_acknowledged_message()
    {
        const int Messages = 300;
        var seen = new ConcurrentDictionary<int, bool>();
        var topic = $"t-{Guid.NewGuid():N}";
        await using var app = await ProbeApp.StartAsync((_, a) =>
        {
            a.MapGet("/dapr/subscribe", () => Results.Text($$"""[{"pubsubname":"ps","topic":"{{topic}}","route":"/t"}]""", "application/json"));
            a.MapPost("/t", (JsonElement envelope) => seen[envelope.GetProperty("data").GetProperty("n").GetInt32()] = true);
        });
        await using var world = await target.StartAsync();
        var client = world.Client(await world.AddAsync("app", app));
        for (var n = 0; n < Messages; n++)
        {
            await client.PublishEventAsync("ps", topic, new { n }, TestContext.Current.CancellationToken);
        }

        await world.RestartAsync();
        await Eventually.TrueAsync(() => seen.Count == Messages, "every message arrives before the stop or after it");
    }

    [Fact]
    public async Task G2_block_shutdown_keeps_the_outbound_API_and_delivers_nothing_more()
    {
        var topic = $"t-{Guid.NewGuid():N}";
        await using var app = await ProbeApp.StartAsync((p, a) =>
        {
            a.MapGet("/dapr/subscribe", () => Results.Text($$"""[{"pubsubname":"ps","topic":"{{topic}}","route":"/t"}]""", "application/json"));
            a.MapPost("/t", async (HttpContext c) => await p.RecordAsync(c) is null ? Results.Problem() : Results.Ok());
        });
        await using var world = await target.StartAsync(blockShutdown: TimeSpan.FromSeconds(3));
        var sidecar = await world.AddAsync("app", app);
        var client = world.Client(sidecar);
        await client.PublishEventAsync("ps", topic, "early");
        await Eventually.TrueAsync(() => app.Requests.Count == 1, "the first message is delivered");
        var stop = sidecar.StopAsync();
        await Task.Delay(TimeSpan.FromSeconds(1)); // deliveries have stopped by then, says daprd's log and the dev-sidecar's
        await client.PublishEventAsync("ps", topic, "late");
        await client.SaveStateAsync("store", "k", 1);
        (await client.GetStateAsync<int>("store", "k")).ShouldBe(1);
        await stop;
        app.Requests.Count.ShouldBe(1, "nothing is delivered any more");
        await sidecar.StartAsync();
        await Eventually.TrueAsync(() => app.Requests.Any(r => r.Text.Contains("\"late\"", StringComparison.Ordinal)), "what was acknowledged meanwhile is not lost");
    }

    [Fact]
    public async Task M1_metrics_have_daprs_names_and_labels()
    {
        await using var app = await ProbeApp.StartAsync((p, a) =>
        {
            a.MapGet("/dapr/config", () => Results.Text("""{"entities":["Plain"]}""", "application/json"));
            a.MapGet("/dapr/subscribe", () => Results.Text("""[{"pubsubname":"ps","topic":"t","route":"/t"},{"pubsubname":"ps","topic":"b","route":"/b","bulkSubscribe":{"enabled":true,"maxMessagesCount":1}}]""", "application/json"));
            a.MapPost("/{**path}", async (HttpContext c) => await p.RecordAsync(c) is null);
            a.MapPut("/{**path}", async (HttpContext c) => await p.RecordAsync(c) is null);
        });
        await using var world = await target.StartAsync();
        var sidecar = await world.AddAsync("app", app);
        var (client, http) = (world.Client(sidecar), world.Http(sidecar));
        await client.PublishEventAsync("ps", "t", new { n = 1 }, TestContext.Current.CancellationToken);
        await client.PublishEventAsync("ps", "b", new { n = 1 }, TestContext.Current.CancellationToken);
        await client.SaveStateAsync("store", "k", 1, cancellationToken: TestContext.Current.CancellationToken);
        await client.GetStateAsync<int>("store", "k", cancellationToken: TestContext.Current.CancellationToken);
        await http.PutAsync("/v1.0/actors/Plain/a/method/m", null, TestContext.Current.CancellationToken);
        await http.PutAsync("/v1.0/actors/Plain/a/timers/t", new StringContent("""{"dueTime":"1ms","callback":"c"}"""), TestContext.Current.CancellationToken);
        await http.PutAsync("/v1.0/actors/Plain/a/reminders/r", new StringContent("""{"dueTime":"1ms"}"""), TestContext.Current.CancellationToken);
        string[] expected =
        [
            Series("component_pubsub_egress_count", """component="ps",namespace="",success="true",topic="t" """),
            Series("component_pubsub_egress_latencies_bucket", """component="ps",namespace="",success="true",topic="t",le="100000" """),
            Series("component_pubsub_ingress_count", """component="ps",namespace="",process_status="success",topic="t" """),
            Series("component_pubsub_ingress_latencies_count", """component="ps",namespace="",process_status="success",topic="t" """),
            Series("component_pubsub_ingress_bulk_count", """component="ps",namespace="",process_status="retry",topic="b" """),
            Series("component_pubsub_ingress_bulk_event_count", """component="ps",namespace="",process_status="retry",topic="b" """),
            Series("component_state_count", """component="store",namespace="",operation="set",success="true" """),
            Series("component_state_latencies_sum", """component="store",namespace="",operation="get",success="true" """),
            Series("runtime_actor_timers_fired_total", """actor_type="Plain",success="true" """),
            Series("runtime_actor_reminders_fired_total", """actor_type="Plain",success="true" """),
            Series("http_server_request_count", """method="PUT",path="/v1.0/actors",status="204" """),
            Series("http_server_latency_count", """method="PUT",path="/v1.0/actors",status="200" """),
        ];
        await SeriesAppearAsync(sidecar, expected);
    }

    [Fact]
    public async Task M1_calls_of_apps_to_apps_and_to_the_apis_have_daprs_names_and_labels()
    {
        await using var app = await ProbeApp.StartAsync((p, a) =>
        {
            a.MapGet("/dapr/config", () => Results.Text("""{"entities":["Plain"]}""", "application/json"));
            a.MapGet("/dapr/subscribe", () => Results.Text("""[{"pubsubname":"ps","topic":"t","route":"/t"}]""", "application/json"));
            a.MapPost("/orders/{id}", () => Results.StatusCode(418));
            a.MapPost("/t", () => Results.Ok());
            a.MapPut("/actors/{**path}", () => Results.Ok());
        });
        await using var world = await target.StartAsync();
        var (sidecar, caller) = (await world.AddAsync("app", app), await world.AddClientAsync("caller"));
        var (client, http) = (world.Client(sidecar), world.Http(sidecar));
        await client.PublishEventAsync("ps", "t", new { n = 1 });
        await Should.ThrowAsync<Dapr.DaprException>(() => client.PublishEventAsync("none", "t", new { n = 1 }));
        await client.GetStateAsync<int>("store", "k");
        await http.PutAsync("/v1.0/actors/Plain/a/method/m", null);
        await http.PutAsync("/v1.0/actors/Plain/a/timers/t", new StringContent("""{"dueTime":"1ms","callback":"c"}"""));
        await http.PutAsync("/v1.0/actors/Plain/a/reminders/r", new StringContent("""{"dueTime":"1ms"}"""));
        await world.Http(caller).PostAsync("/v1.0/invoke/app/method/orders/4711", new StringContent("{}"));
        await SeriesAppearAsync(sidecar,
            Series("http_client_completed_count", """method="GET",path="/dapr/subscribe",status="200" """),
            Series("http_client_completed_count", """method="POST",path="/t",status="200" """),
            Series("http_client_roundtrip_latency_bucket", """method="POST",path="/t",status="200",le="100000" """),
            Series("http_client_completed_count", """method="PUT",path="/actors/Plain/{id}/method/m",status="200" """),
            Series("http_client_completed_count", """method="PUT",path="/actors/Plain/{id}/method/timer",status="200" """),
            Series("http_client_completed_count", """method="PUT",path="/actors/Plain/{id}/method/remind",status="200" """),
            Series("http_client_roundtrip_latency_count", """method="POST",path="",status="418" """),
            Series("grpc_io_server_completed_rpcs", """grpc_server_method="/dapr.proto.runtime.v1.Dapr/PublishEvent",grpc_server_status="OK" """),
            Series("grpc_io_server_completed_rpcs", """grpc_server_method="/dapr.proto.runtime.v1.Dapr/PublishEvent",grpc_server_status="InvalidArgument" """),
            Series("grpc_io_server_server_latency_sum", """grpc_server_method="/dapr.proto.runtime.v1.Dapr/GetState",grpc_server_status="OK" """),
            Series("runtime_service_invocation_req_recv_total", """src_app_id="caller" """),
            Series("runtime_service_invocation_res_sent_total", """dst_app_id="caller",status="418" """));
        await SeriesAppearAsync(caller,
            Series("runtime_service_invocation_req_sent_total", """dst_app_id="app",type="unary" """, "caller"),
            Series("runtime_service_invocation_res_recv_total", """src_app_id="app",status="418",type="unary" """, "caller"),
            Series("runtime_service_invocation_res_recv_latency_ms_bucket", """src_app_id="app",status="418",le="1" """, "caller"));
        (await MetricsPage.ReadAsync(sidecar)).ShouldNotContain("4711");
    }

    [Fact]
    public async Task M1_gauges_of_actors_go_up_and_down()
    {
        var gate = new TaskCompletionSource();
        await using var app = await ProbeApp.StartAsync((_, a) =>
        {
            a.MapGet("/dapr/config", () => Results.Text("""{"entities":["Plain"]}""", "application/json"));
            a.MapPut("/actors/Plain/a/method/slow", () => gate.Task);
        });
        await using var world = await target.StartAsync();
        var sidecar = await world.AddAsync("app", app);
        var http = world.Http(sidecar);
        await SeriesAppearAsync(sidecar, Gauges(pending: 0, timers: 0, reminders: 0));
        var calls = Enumerable.Range(0, 3).Select(_ => http.PutAsync("/v1.0/actors/Plain/a/method/slow", null)).ToArray();
        await SeriesAppearAsync(sidecar, Gauges(pending: 2, timers: 0, reminders: 0));
        await http.PutAsync("/v1.0/actors/Plain/a/timers/t", new StringContent("""{"dueTime":"1h","callback":"c"}"""));
        await http.PutAsync("/v1.0/actors/Plain/a/reminders/r", new StringContent("""{"dueTime":"1h"}"""));
        await http.PutAsync("/v1.0/actors/Plain/b/reminders/r", new StringContent("""{"dueTime":"1h"}"""));
        await SeriesAppearAsync(sidecar, Gauges(pending: 2, timers: 1, reminders: 2));
        gate.SetResult();
        await Task.WhenAll(calls);
        await http.DeleteAsync("/v1.0/actors/Plain/a/timers/t");
        await http.DeleteAsync("/v1.0/actors/Plain/a/reminders/r");
        await SeriesAppearAsync(sidecar, Gauges(pending: 0, timers: 0, reminders: 1));

        static string[] Gauges(int pending, int timers, int reminders) =>
        [
            Series("runtime_actor_pending_actor_calls", "actor_type=\"Plain\"") + pending + "\n",
            Series("runtime_actor_timers", "actor_type=\"Plain\"") + timers + "\n",
            Series("runtime_actor_reminders", "actor_type=\"Plain\"") + reminders + "\n",
            "# TYPE dapr_runtime_actor_timers gauge\n",
        ];
    }

    static async Task SeriesAppearAsync(ISidecar sidecar, params string[] expected)
    {
        string[] missing = [];
        await Eventually.TrueAsync(
            async () =>
            {
                var page = await MetricsPage.ReadAsync(sidecar);
                missing = [.. expected.Where(e => !page.Contains(e, StringComparison.Ordinal))];
                return missing.Length == 0;
            },
            () => $"these appear: {string.Join('\n', missing)}");
    }

    static string Series(string name, string labels, string appId = "app") => MetricsPage.Sorted($"dapr_{name}{{app_id=\"{appId}\",{labels.TrimEnd()}}} ");
}
