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
        var missing = expected.ToHashSet(StringComparer.Ordinal);
        await Eventually.TrueAsync(
            async () =>
            {
                var page = await MetricsPage.ReadAsync(sidecar);
                missing.RemoveWhere(page.Contains);
                return missing.Count == 0;
            },
            "every series appears");
    }

    static string Series(string name, string labels) => MetricsPage.Sorted($"dapr_{name}{{app_id=\"app\",{labels.TrimEnd()}}} ");
}
