using System.Collections.Concurrent;
using System.Net;
using Forewarn.Contracts;
using Forewarn.Hosting;
using Forewarn.Testing;

namespace Forewarn.StreamProcessor.Tests;

/// <summary>The service on real ports, with the dev-sidecar between it and its neighbours.</summary>
public sealed class ServiceTests
{
    [Fact]
    public async Task Samples_go_in_and_features_come_out_also_across_a_restart()
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var rig = await SidecarRig.StartAsync();
        var features = new ConcurrentQueue<FeatureBatch>();
        await rig.AddAsync(Apps.Predictor, _ => { }, app => app.MapBulkSubscription(
            Components.Telemetry, Topics.MetricsFeatures, ContractJson.Default.FeatureBatch, (batches, _) =>
            {
                foreach (var batch in batches)
                    features.Enqueue(batch);
                return Task.CompletedTask;
            }));
        var feeder = await rig.AddAsync(Apps.Ingestion, _ => { }, _ => { });
        var service = await AddServiceAsync(rig);
        (await service.Http.GetAsync(new Uri("/healthz/ready", UriKind.Relative), cancellation)).StatusCode.ShouldBe(HttpStatusCode.OK);

        var schema = SeriesSchema.Of([SeriesColumn.Of("system.cpu.utilization", "1"), SeriesColumn.Of("system.memory.usage", "By")]);
        await feeder.Service<SchemaRegistry>().PublishAsync(schema, cancellation);
        var t0 = StreamRig.Start.ToUnixTimeMilliseconds();
        await PublishAsync(feeder, schema, t0, from: 0, to: 40);
        await Eventually.Async("40 ticks of three entities", TimeSpan.FromSeconds(60), () => Task.FromResult(TicksOf(features) == 120));

        await rig.RemoveAsync(service);
        await AddServiceAsync(rig);
        await PublishAsync(feeder, schema, t0, from: 40, to: 70);
        await Eventually.Async("70 ticks of three entities", TimeSpan.FromSeconds(60), () => Task.FromResult(TicksOf(features) == 210));

        var last = features.Last(batch => batch.Entity == "host-0" && batch.CadenceMs == 1000);
        last.Maturity.ShouldBe(EntityMaturity.Warm, "40 ticks came from the checkpoint");
        features.Select(batch => batch.Producer).Distinct().Count().ShouldBe(2);
        features.Where(batch => batch.CadenceMs == 1000).GroupBy(batch => batch.Entity)
            .ShouldAllBe(group => group.SelectMany(batch => batch.Ticks).Select(tick => tick.T).SequenceEqual(Enumerable.Range(0, 70).Select(i => t0 + (i * 1000L))));
    }

    static Task<SidecarApp> AddServiceAsync(SidecarRig rig) =>
        rig.AddAsync(Apps.StreamProcessor, builder => builder.AddStreamProcessor(), app => app.MapMetricSubscription());

    static int TicksOf(ConcurrentQueue<FeatureBatch> features) =>
        features.Where(batch => batch.CadenceMs == 1000).Sum(batch => batch.Ticks.Count);

    static async Task PublishAsync(SidecarApp feeder, SeriesSchema schema, long t0, int from, int to)
    {
        for (var i = from; i < to; i++)
        {
            var second = Enumerable.Range(0, 3).Select(host =>
            {
                var batch = StreamRig.Batch(schema, i + 1, t0 + (i * 1000), [0.1 + (0.01 * (i % 5)), 1e9 + i], entity: $"host-{host}");
                return new Outgoing<MetricBatch>(batch.Entity, $"{batch.Entity}-{i}", batch);
            });
            await feeder.Service<KeyedPublisher>().PublishAsync(
                Components.Telemetry, Topics.MetricsRaw, [.. second], ContractJson.Default.MetricBatch, TestContext.Current.CancellationToken);
        }
    }
}
