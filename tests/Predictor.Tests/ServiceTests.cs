using System.Collections.Concurrent;
using System.Net;
using Forewarn.Contracts;
using Forewarn.Hosting;
using Forewarn.Models;
using Forewarn.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Forewarn.Predictor.Tests;

/// <summary>The service on real ports, with the dev-sidecar between it and its neighbours.</summary>
public sealed class ServiceTests
{
    [Fact]
    public async Task It_waits_for_a_model_then_scores_warns_and_swaps_when_a_new_one_is_announced()
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var rig = await SidecarRig.StartAsync();
        var predictions = new ConcurrentQueue<PredictionBatch>();
        var detections = new ConcurrentQueue<Detection>();
        await rig.AddAsync(Apps.Alerting, _ => { }, app =>
        {
            app.MapBulkSubscription(Components.Telemetry, Topics.Predictions, ContractJson.Default.PredictionBatch, Into(predictions));
            app.MapBulkSubscription(Components.Alerts, Topics.Detections, ContractJson.Default.Detection, Into(detections));
        });
        ModelInfo? champion = null;
        var trainer = await rig.AddAsync(Apps.Trainer, _ => { }, app =>
            app.MapGet("/v1/models/champion", () => champion is null ? Results.NotFound() : Results.Json(champion, ContractJson.Default.ModelInfo)));
        var service = await rig.AddAsync(Apps.Predictor, builder => builder.AddPredictor(), app =>
        {
            app.MapFeatureSubscription();
            app.MapModelSubscription();
        }, $"--Predictor:ModelCacheDirectory={Path.Combine(rig.Directory, "cache")}", "--Predictor:ModelPollSeconds=3600");
        (await ReadyAsync(service)).ShouldBe((HttpStatusCode.ServiceUnavailable, true));

        champion = await SaveAsync(trainer, rig, TestModel.Shared);
        await Eventually.Async("readiness", TimeSpan.FromSeconds(60), async () => (await ReadyAsync(service)).Status == HttpStatusCode.OK);

        var host = new SimulatedHost(1);
        var feed = new FeatureFeed(host);
        await trainer.Service<SchemaRegistry>().PublishAsync(SimulatedHost.Schema, cancellation);
        await PublishAsync(trainer, feed, 300);
        host.Runaway = 0.9;
        await PublishAsync(trainer, feed, 20);
        await Eventually.Async("320 verdicts", TimeSpan.FromSeconds(60), () => Task.FromResult(predictions.Sum(batch => batch.Ticks.Count) == 320));
        await Eventually.Async("detections", TimeSpan.FromSeconds(60), () => Task.FromResult(!detections.IsEmpty));
        detections.Select(detection => detection.Cause).Distinct().ShouldBe(["behaviour"]);

        var next = new TestModel(seed: 5);
        champion = await SaveAsync(trainer, rig, next);
        await trainer.Service<KeyedPublisher>().PublishAsync(
            Components.Broadcast, Topics.Models, new Outgoing<ModelEvent>("any", next.Version, new ModelEvent { Model = champion }), ContractJson.Default.ModelEvent, cancellation);
        await Eventually.Async("the swap", TimeSpan.FromSeconds(60), () => Task.FromResult(service.Service<ModelHolder>().Current!.Version == next.Version));
        await PublishAsync(trainer, feed, 1);
        await Eventually.Async("a verdict of the new model", TimeSpan.FromSeconds(60), () => Task.FromResult(predictions.Any(batch => batch.Model == next.Version)));
    }

    [Fact]
    public async Task It_asks_alerting_for_budgets_at_the_start_and_hears_of_new_ones()
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var rig = await SidecarRig.StartAsync();
        var alerting = await rig.AddAsync(Apps.Alerting, _ => { }, app => app.MapGet("/v1/budgets/shares", () =>
            Results.Json(new BudgetShares { Shares = [new BudgetShare(["web-1"], 0.5)], At = 1 }, ContractJson.Default.BudgetShares)));
        var service = await rig.AddAsync(Apps.Predictor, builder => builder.AddPredictor(), app => app.MapControlSubscription());
        var budgets = service.Service<BudgetHolder>();
        await Eventually.Async("the answer", TimeSpan.FromSeconds(60), () => Task.FromResult(budgets.Of("web-1") == 0.5));

        var control = new ControlEvent { Budgets = new BudgetShares { Shares = [new BudgetShare([], 0.25)], At = 2 } };
        // Whoever joins a broadcast hears what comes after that.
        await Eventually.Async("the broadcast", TimeSpan.FromSeconds(60), async () =>
        {
            await alerting.Service<KeyedPublisher>().PublishAsync(
                Components.Broadcast, Topics.Control, new Outgoing<ControlEvent>("budgets", "b2", control), ContractJson.Default.ControlEvent, cancellation);
            return budgets.Of("web-1") == 0.25;
        });
    }

    static Func<IReadOnlyList<T>, CancellationToken, Task> Into<T>(ConcurrentQueue<T> queue) => (messages, _) =>
    {
        foreach (var message in messages)
            queue.Enqueue(message);
        return Task.CompletedTask;
    };

    static async Task<(HttpStatusCode Status, bool SaysNoModel)> ReadyAsync(SidecarApp service)
    {
        using var response = await service.Http.GetAsync(new Uri("/healthz/ready", UriKind.Relative), TestContext.Current.CancellationToken);
        var body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return (response.StatusCode, body.Contains("no model yet", StringComparison.Ordinal));
    }

    static async Task<ModelInfo> SaveAsync(SidecarApp trainer, SidecarRig rig, TestModel model)
    {
        var store = new ModelStore(trainer.Service<Dapr.Client.DaprClient>(), Path.Combine(rig.Directory, "trainer-cache"));
        await store.SaveAsync(model.Manifest, model.Onnx, TestContext.Current.CancellationToken);
        return model.Info;
    }

    static async Task PublishAsync(SidecarApp from, FeatureFeed feed, int ticks)
    {
        for (var sent = 0; sent < ticks; sent += 20)
        {
            var batches = Enumerable.Range(0, Math.Min(20, ticks - sent)).Select(_ => feed.Next()).Select(batch => new Outgoing<FeatureBatch>(batch.Entity, $"f{batch.Seq}", batch)).ToList();
            await from.Service<KeyedPublisher>().PublishAsync(
                Components.Telemetry, Topics.MetricsFeatures, batches, ContractJson.Default.FeatureBatch, TestContext.Current.CancellationToken);
        }
    }
}
