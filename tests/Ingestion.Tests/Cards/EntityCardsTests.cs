using DevSidecar;
using Forewarn.Contracts;
using Forewarn.Ingestion.Tests.Otlp;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace Forewarn.Ingestion.Tests;

/// <summary>From each door into the store.</summary>
public sealed class EntityCardsTests
{
    static CancellationToken Token => TestContext.Current.CancellationToken;

    static long Now => TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();

    [Fact]
    public async Task What_the_JSON_door_is_told_of_an_entity_is_kept_once_and_again_when_it_changes()
    {
        await using var ingestion = await RunningIngestion.StartAsync();
        await SayAsync("node-1");
        await Eventually.TrueAsync(() => ingestion.Sidecar.Card("web-1") is not null, "the card is kept");
        await SayAsync("node-1");
        await SayAsync("node-2");
        await Eventually.TrueAsync(() => ingestion.Sidecar.Card("web-1")!.Attributes["k8s.node.name"] == "node-2", "the change is kept");
        ingestion.Sidecar.Cards.Select(card => card.Attributes["k8s.node.name"]).ShouldBe(["node-1", "node-2"]);
        ingestion.Sidecar.Card("web-1")!.Attributes["host.rack"].ShouldBe("rack-1");

        async Task SayAsync(string node)
        {
            using var response = await ingestion.PostAsync(
                $$"""{"entity":"web-1","attributes":{"k8s.node.name":"{{node}}","host.rack":"rack-1"},"series":[{"name":"x"}],"rows":[{"values":[1]}]}""");
            response.IsSuccessStatusCode.ShouldBeTrue();
        }
    }

    [Fact]
    public async Task After_a_restart_nothing_is_written_that_the_store_has_and_what_others_said_stays()
    {
        await using var ingestion = await RunningIngestion.StartAsync();
        ingestion.Sidecar.Cards.Enqueue(new EntityCard { Entity = "same", Attributes = Of("node", "a", "job", "web"), At = Now });
        ingestion.Sidecar.Cards.Enqueue(new EntityCard { Entity = "other", Attributes = Of("node", "a", "job", "web"), At = Now });
        foreach (var (entity, node) in new[] { ("same", "a"), ("other", "b") })
        {
            using var response = await ingestion.PostAsync($$"""{"entity":"{{entity}}","attributes":{"node":"{{node}}"},"series":[{"name":"x"}],"rows":[{"values":[1]}]}""");
        }
        await Eventually.TrueAsync(() => ingestion.Sidecar.Cards.Count == 3, "the other is written");
        ingestion.Sidecar.Card("other")!.Attributes.ShouldBe(Of("node", "b", "job", "web"), ignoreOrder: true);
    }

    [Fact]
    public async Task What_another_replica_wrote_in_between_is_not_lost()
    {
        await using var ingestion = await RunningIngestion.StartAsync();
        ingestion.Sidecar.Others.Enqueue(new EntityCard { Entity = "web-1", Attributes = Of("job", "web", "node", "a"), At = Now });
        using var response = await ingestion.PostAsync("""{"entity":"web-1","attributes":{"node":"b"},"series":[{"name":"x"}],"rows":[{"values":[1]}]}""");
        await Eventually.TrueAsync(() => ingestion.Sidecar.Cards.Count == 2, "both have written");
        ingestion.Sidecar.Card("web-1")!.Attributes.ShouldBe(Of("job", "web", "node", "b"), ignoreOrder: true);
    }

    [Fact]
    public async Task While_the_store_is_away_metrics_pass_and_the_newest_of_each_card_waits()
    {
        await using var ingestion = await RunningIngestion.StartAsync();
        ingestion.Sidecar.AreCardsAway = true;
        foreach (var node in new[] { "a", "b", "c" })
        {
            using var response = await ingestion.PostAsync($$"""{"entity":"web-1","attributes":{"node":"{{node}}"},"series":[{"name":"x"}],"rows":[{"values":[1]}]}""");
            response.IsSuccessStatusCode.ShouldBeTrue();
        }
        await Eventually.TrueAsync(() => ingestion.Sidecar.CardCallsLost > 0, "the store was asked");
        ingestion.Sidecar.AreCardsAway = false;
        await Eventually.TrueAsync(() => !ingestion.Sidecar.Cards.IsEmpty, "the card is kept");
        ingestion.Sidecar.Cards.ShouldHaveSingleItem().Attributes["node"].ShouldBe("c");
    }

    [Fact]
    public async Task Of_an_OpenTelemetry_resource_all_is_kept_that_outlives_its_process()
    {
        await using var ingestion = await RunningIngestion.StartAsync();
        (string, string)[] resource =
        [
            ("service.name", "checkout"), ("service.namespace", "shop"), ("service.instance.id", "6f1c2d2e-7f5b-4c55-8f7d-0d2b7a3f9d11"), ("k8s.pod.name", "checkout-0"),
            ("k8s.node.name", "node-7"), ("process.pid", "17"), ("process.command_line", "x"), ("telemetry.sdk.name", "opentelemetry"), ("host.id", new string('x', 129)),
        ];
        var request = OtlpMessages.Request(resource, OtlpMessages.Gauge("level", OtlpMessages.Point(Now, 1)));
        (await OtlpMessages.ExportAsync(ingestion.OtlpGrpc, request)).PartialSuccess.ShouldBeNull();
        const string Entity = "shop/checkout@checkout-0";
        await Eventually.TrueAsync(() => ingestion.Sidecar.Card(Entity) is not null, "the card is kept");
        ingestion.Sidecar.Card(Entity)!.Attributes.ShouldBe(
            Of("service.name", "checkout", "service.namespace", "shop", "k8s.pod.name", "checkout-0", "k8s.node.name", "node-7"), ignoreOrder: true);
    }

    [Fact]
    public async Task Of_a_target_the_labels_that_configuration_gives_it_are_kept()
    {
        var port = FreePorts.Next();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
        await using var target = builder.Build();
        target.MapGet("/metrics", () => "a{env=\"own\"} 1\nb{instance=\"x\"} 1\n");
        await target.StartAsync(Token);
        await using var ingestion = await RunningIngestion.StartAsync(
            "--Ingestion:Scrape:Jobs:0:Name=node", "--Ingestion:Scrape:Jobs:0:IntervalSeconds=1", $"--Ingestion:Scrape:Jobs:0:Targets:0=127.0.0.1:{port}",
            "--Ingestion:Scrape:Jobs:0:Labels:env=test");
        await Eventually.TrueAsync(() => !ingestion.Sidecar.Cards.IsEmpty, "the card is kept");
        ingestion.Sidecar.Card($"127.0.0.1:{port}")!.Attributes.ShouldBe(Of("job", "node", "env", "test"), ignoreOrder: true);
    }

    [Fact]
    public async Task Of_a_remote_write_the_job_is_kept()
    {
        await using var ingestion = await RunningIngestion.StartAsync();
        using var content = new ByteArrayContent(Write.Packed(Write.Request1(Write.Series1("a instance=web-1 job=node", (Now, 1)))));
        content.Headers.ContentType = new("application/x-protobuf");
        content.Headers.ContentEncoding.Add("snappy");
        using var response = await ingestion.Http.PostAsync("/api/v1/write", content, Token);
        response.IsSuccessStatusCode.ShouldBeTrue();
        await Eventually.TrueAsync(() => ingestion.Sidecar.Card("web-1") is not null, "the card is kept");
        ingestion.Sidecar.Card("web-1")!.Attributes.ShouldBe(Of("job", "node"));
    }

    [Fact]
    public async Task Of_this_machine_name_system_and_processor_are_kept()
    {
        await using var ingestion = await RunningIngestion.StartAsync("--Ingestion:Host:Enabled=true", "--Ingestion:Host:Entity=this");
        await Eventually.TrueAsync(() => ingestion.Sidecar.Card("this") is not null, "the card is kept");
        ingestion.Sidecar.Card("this")!.Attributes.Keys.ShouldBe(["host.name", "host.arch", "os.type"], ignoreOrder: true);
    }

    static Dictionary<string, string> Of(params string[] pairs) => pairs.Chunk(2).ToDictionary(pair => pair[0], pair => pair[1], StringComparer.Ordinal);
}
