using Forewarn.Analytics;
using Forewarn.Contracts;
using Forewarn.Hosting;
using Forewarn.Testing;
using Grpc.Core;
using Microsoft.Extensions.Time.Testing;

namespace Forewarn.Predictor.Tests;

public sealed class FeaturePipelineTests
{
    readonly FakeDapr _dapr = new();
    readonly FakeTimeProvider _time = new(PredictorRig.Start);

    [Fact]
    public async Task Every_tick_gets_a_verdict_with_what_a_live_chart_needs()
    {
        await using var rig = await StartAsync();
        var feed = new FeatureFeed(new SimulatedHost(1));
        for (var i = 0; i < 25; i++)
            await rig.DeliverAsync(feed.Next());
        rig.Predictions.Count.ShouldBe(25);
        var last = rig.Predictions[^1];
        last.Model.ShouldBe(TestModel.Shared.Version);
        last.Seq.ShouldBe(25);
        last.Schema.ShouldBe(SimulatedHost.Schema.Hash);
        last.Ticks.Single().Values.Length.ShouldBe(SimulatedHost.Schema.Columns.Count);
        last.Ticks.Single().Z.Length.ShouldBe(SimulatedHost.Schema.Columns.Count);
        last.Ticks.Single().Score.ShouldBeInRange(0.01f, 1f);
        last.Ticks.Single().P.ShouldBeInRange(0, 1);
        last.Stamps.Received.ShouldBe(PredictorRig.T0 + 24_010);
        last.Stamps.Scored.ShouldBe(PredictorRig.T0);
        rig.Predictions.Select((batch, i) => (batch.Outlook, i)).Where(pair => pair.Outlook is not null).Select(pair => pair.i).ShouldBe([0, 10, 20]);
        rig.Predictions[10].Outlook!.Upper.Length.ShouldBe(SimulatedHost.Schema.Columns.Count);
    }

    [Fact]
    public async Task A_fault_becomes_detections_of_one_cause_with_evidence_and_stamps()
    {
        await using var rig = await StartAsync();
        var host = new SimulatedHost(2);
        var feed = new FeatureFeed(host);
        await FeedAsync(rig, feed, 300);
        host.Runaway = 0.9;
        await FeedAsync(rig, feed, 30);
        rig.Detections.ShouldNotBeEmpty();
        rig.Detections.Select(detection => detection.Id).ShouldBeUnique();
        rig.Detections.ShouldAllBe(detection => detection.Cause == "behaviour" && detection.Entity == "web-1" && detection.Model == TestModel.Shared.Version);
        var first = rig.Detections[0];
        first.Kind.ShouldBeOneOf(DetectionKind.Joint, DetectionKind.Level);
        first.Features.Length.ShouldBe(RowSpec.Count);
        first.Contributors.ShouldNotBeEmpty();
        first.Stamps.Received.ShouldBe(first.T + 10);
        first.Stamps.Detected.ShouldBe(PredictorRig.T0);
        var decided = rig.Predictions.Single(batch => batch.Ticks[0].T == first.T);
        decided.Ticks[0].Anomalous.ShouldBeTrue();
        decided.Outlook.ShouldNotBeNull();
        _dapr.Published.Where(entry => entry.Topic == Topics.Detections).ShouldAllBe(entry => entry.Entry.Metadata["partitionKey"] == "web-1");
    }

    [Fact]
    public async Task A_memory_leak_is_one_cause_from_the_forecast_to_the_strange_behaviour()
    {
        await using var rig = await StartAsync();
        var host = new SimulatedHost(3);
        var feed = new FeatureFeed(host);
        await FeedAsync(rig, feed, 300);
        host.LeakPerSecond = 0.002;
        await FeedAsync(rig, feed, 290);
        rig.Detections.Select(detection => detection.Kind).ShouldContain(DetectionKind.PredictedBreach);
        rig.Detections.Select(detection => detection.Cause).Distinct().ShouldBe(["behaviour"]);
    }

    [Fact]
    public async Task A_failed_publish_is_repeated_and_nothing_is_decided_twice()
    {
        await using var rig = await StartAsync();
        await using var calm = await StartAsync(new FakeDapr());
        var feed = new FeatureFeed(new SimulatedHost(4));
        var same = new FeatureFeed(new SimulatedHost(4));
        for (var i = 0; i < 80; i++)
        {
            var batch = feed.Next();
            if (i % 7 == 0)
            {
                _dapr.RefusePublish = _ => true;
                _dapr.PublishBeforeRefusing = i % 2 == 0;
                await Should.ThrowAsync<RpcException>(() => rig.DeliverAsync(batch));
                await Should.ThrowAsync<RpcException>(() => rig.DeliverAsync(batch));
                _dapr.RefusePublish = _ => false;
            }
            await rig.DeliverAsync(batch);
            await calm.DeliverAsync(same.Next());
        }
        var distinct = rig.Predictions.DistinctBy(batch => batch.Seq).ToList();
        distinct.Select(batch => batch.Ticks[0].P).ShouldBe(calm.Predictions.Select(batch => batch.Ticks[0].P));
        distinct.Select(batch => batch.Seq).ShouldBe(Enumerable.Range(1, 80).Select(i => (long)i));
    }

    [Fact]
    public async Task Alarms_get_through_while_predictions_do_not_and_are_not_repeated()
    {
        await using var rig = await StartAsync(_dapr, "--Predictor:Threshold=0");
        var feed = new FeatureFeed(new SimulatedHost(5));
        await FeedAsync(rig, feed, 25);
        _dapr.ClearPublished();
        _dapr.RefusePublish = topic => topic == Topics.Predictions;
        var batch = feed.Next();
        await Should.ThrowAsync<RpcException>(() => rig.DeliverAsync(batch));
        await Should.ThrowAsync<RpcException>(() => rig.DeliverAsync(batch));
        _dapr.RefusePublish = _ => false;
        await rig.DeliverAsync(batch);
        rig.Detections.Count.ShouldBe(1);
        rig.Predictions.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_tick_that_comes_again_from_another_producer_is_not_decided_again()
    {
        await using var rig = await StartAsync();
        var feed = new FeatureFeed(new SimulatedHost(6));
        var batch = feed.Next(5);
        await rig.DeliverAsync(batch);
        await rig.DeliverAsync(batch with { Producer = "p2", Seq = 1 });
        rig.Predictions.Count.ShouldBe(1);
        await rig.DeliverAsync(feed.Next(), feed.Next());
        rig.Predictions.SelectMany(prediction => prediction.Ticks).Select(tick => tick.T)
            .ShouldBe(Enumerable.Range(0, 7).Select(i => PredictorRig.T0 + (i * 1000L)));
    }

    [Fact]
    public async Task A_replica_that_takes_over_goes_on_from_the_checkpoint()
    {
        var feed = new FeatureFeed(new SimulatedHost(7));
        await using (var first = await StartAsync())
        {
            await FeedAsync(first, feed, 100);
            await first.Checkpoints.StopAsync(TestContext.Current.CancellationToken);
        }
        await using var second = await StartAsync();
        await second.DeliverAsync(feed.Next());
        var detector = second.Registry.Slots.Single().State!.Detector;
        detector.IsNew(1000, PredictorRig.T0 + 100_000).ShouldBeFalse();

        await using var uninterrupted = await StartAsync(new FakeDapr());
        var same = new FeatureFeed(new SimulatedHost(7));
        await FeedAsync(uninterrupted, same, 101);
        second.Predictions[^1].Ticks[0].P.ShouldBe(uninterrupted.Predictions[^1].Ticks[0].P);
    }

    [Fact]
    public async Task Features_of_another_specification_go_to_the_dead_topic()
    {
        await using var rig = await StartAsync();
        var feed = new FeatureFeed(new SimulatedHost(8));
        await rig.DeliverAsync(feed.Next() with { Spec = "f0" });
        rig.Predictions.ShouldBeEmpty();
        _dapr.Messages(Topics.Dead(Topics.MetricsFeatures), ContractJson.Default.DeadLetter).Single().Reason.ShouldBe($"Features follow f0, this program reads {Analytics.FeatureSpec.Version}.");
    }

    [Fact]
    public async Task Without_a_model_deliveries_wait_and_then_go_back()
    {
        await using var rig = new PredictorRig(_dapr, _time);
        var delivery = rig.DeliverAsync(new FeatureFeed(new SimulatedHost(9)).Next());
        delivery.IsCompleted.ShouldBeFalse();
        _time.Advance(TimeSpan.FromSeconds(6));
        await Should.ThrowAsync<NoModelException>(() => delivery);
    }

    [Fact]
    public async Task A_new_champion_takes_over_between_deliveries_and_every_verdict_says_who_made_it()
    {
        await using var rig = await StartAsync();
        var feed = new FeatureFeed(new SimulatedHost(10));
        await FeedAsync(rig, feed, 80);
        var next = new TestModel(seed: 3);
        var old = rig.Models.Current!;
        await rig.PublishAsync(next);
        Should.Throw<ObjectDisposedException>(() => old.Scorer.Score(new float[RowSpec.Count], 1, new float[1]));
        await FeedAsync(rig, feed, 5);
        rig.Predictions.Select(batch => batch.Model).Distinct().ShouldBe([TestModel.Shared.Version, next.Version]);
        rig.Predictions[^1].Ticks[0].T.ShouldBe(PredictorRig.T0 + 84_000);
    }

    [Fact]
    public async Task A_champion_that_cannot_be_used_leaves_the_old_one_in_place()
    {
        await using var rig = await StartAsync();
        var info = TestModel.Shared.Info with { Version = "0123456789abcdef", Sha256 = "00" };
        _dapr.Invoke = (_, _) => System.Text.Json.JsonSerializer.Serialize(info, ContractJson.Default.ModelInfo);
        _dapr.Files["0123456789abcdef.json"] = _dapr.Files[$"{TestModel.Shared.Version}.json"];
        (await rig.Models.RefreshAsync(TestContext.Current.CancellationToken)).ShouldBeTrue();
        rig.Models.Current!.Version.ShouldBe(TestModel.Shared.Version);
    }

    Task<PredictorRig> StartAsync() => StartAsync(_dapr);

    async Task<PredictorRig> StartAsync(FakeDapr dapr, params string[] options)
    {
        var rig = new PredictorRig(dapr, _time, options);
        await rig.PublishAsync(TestModel.Shared);
        return rig;
    }

    static async Task FeedAsync(PredictorRig rig, FeatureFeed feed, int count)
    {
        for (var i = 0; i < count; i++)
            await rig.DeliverAsync(feed.Next());
    }
}
