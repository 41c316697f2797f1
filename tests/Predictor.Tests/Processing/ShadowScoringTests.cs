using Forewarn.Analytics;
using Forewarn.Contracts;
using Forewarn.Models;
using Forewarn.Testing;
using Grpc.Core;
using Microsoft.Extensions.Time.Testing;

namespace Forewarn.Predictor.Tests;

public sealed class ShadowScoringTests
{
    /// <summary>Ticks after which a new entity is compared: no longer cold, and the calibration has settled.</summary>
    const int Settled = MaturityLevels.WarmingSamples + ShadowDetector.SettleTicks;

    static readonly Lazy<TestModel> Other = new(() => new TestModel(seed: 3));

    readonly FakeDapr _dapr = new();
    readonly FakeTimeProvider _time = new(PredictorRig.Start);

    [Fact]
    public async Task A_challenger_is_counted_and_changes_nothing_that_anybody_sees()
    {
        await using var rig = await StartAsync(_dapr);
        await using var alone = await StartAsync(new FakeDapr());
        await rig.ChallengeAsync(Other.Value);
        var (host, same) = (new SimulatedHost(1), new SimulatedHost(1));
        var (feed, sameFeed) = (new FeatureFeed(host), new FeatureFeed(same));
        await FeedAsync(rig, feed, Settled + 100);
        await FeedAsync(alone, sameFeed, Settled + 100);
        (host.Runaway, same.Runaway) = (0.9, 0.9);
        await FeedAsync(rig, feed, 20);
        await FeedAsync(alone, sameFeed, 20);

        var report = (await rig.ReportAsync()).ShouldNotBeNull();
        (report.Challenger, report.Champion, report.Trial, report.Ticks).ShouldBe((Other.Value.Version, TestModel.Shared.Version, 1, 120));
        (report.ChampionOpenings, report.ChallengerOpenings).ShouldBe((1, 1));
        report.FalseAlarmsPerWeek.ShouldBe(2);
        report.Scores.Count.ShouldBe(120);
        report.Scores.Correlation().ShouldNotBeNull().ShouldBeGreaterThan(0.5, "two forests of the same behaviour");
        rig.Predictions.Select(batch => batch.Ticks[0].P).ShouldBe(alone.Predictions.Select(batch => batch.Ticks[0].P));
        rig.Predictions.Select(batch => batch.Model).Distinct().ShouldBe([TestModel.Shared.Version]);
        rig.Detections.Select(detection => detection.Id).ShouldBe(alone.Detections.Select(detection => detection.Id));
        rig.Dapr.Published.Select(entry => entry.Topic).Distinct().Order().ShouldBe([Topics.Control, Topics.Detections, Topics.Predictions]);
    }

    [Fact]
    public async Task A_delivery_that_is_repeated_is_counted_once()
    {
        await using var rig = await StartAsync(_dapr);
        await rig.ChallengeAsync(Other.Value);
        var feed = new FeatureFeed(new SimulatedHost(2));
        await FeedAsync(rig, feed, Settled);
        for (var i = 0; i < 10; i++)
        {
            var batch = feed.Next();
            _dapr.RefusePublish = topic => topic == Topics.Predictions;
            await Should.ThrowAsync<RpcException>(() => rig.DeliverAsync(batch));
            _dapr.RefusePublish = _ => false;
            await rig.DeliverAsync(batch);
        }
        (await rig.ReportAsync())!.Ticks.ShouldBe(10);
    }

    [Fact]
    public async Task A_report_that_was_lost_is_in_the_next_one()
    {
        await using var rig = await StartAsync(_dapr);
        await rig.ChallengeAsync(Other.Value);
        var feed = new FeatureFeed(new SimulatedHost(3));
        await FeedAsync(rig, feed, Settled);
        (await rig.ReportAsync()).ShouldBeNull("nothing was compared yet");
        await FeedAsync(rig, feed, 5);
        _dapr.RefusePublish = topic => topic == Topics.Control;
        (await rig.ReportAsync()).ShouldBeNull();
        _dapr.RefusePublish = _ => false;
        await FeedAsync(rig, feed, 5);
        (await rig.ReportAsync())!.Ticks.ShouldBe(10);
    }

    [Fact]
    public async Task Another_trial_of_the_same_model_counts_anew_and_keeps_what_has_settled()
    {
        await using var rig = await StartAsync(_dapr);
        await rig.ChallengeAsync(Other.Value);
        var feed = new FeatureFeed(new SimulatedHost(4));
        await FeedAsync(rig, feed, Settled + 10);
        (await rig.ReportAsync())!.Ticks.ShouldBe(10);
        var loaded = rig.Get<ChallengerHolder>().Current!.Model;
        _time.Advance(TimeSpan.FromSeconds(1));
        await rig.ChallengeAsync(Other.Value, since: 2);
        await FeedAsync(rig, feed, 3);

        rig.Get<ChallengerHolder>().Current!.Model.ShouldBeSameAs(loaded);
        var report = (await rig.ReportAsync())!;
        (report.Trial, report.Ticks, report.CountedSince).ShouldBe((2, 3, PredictorRig.T0 + 1000));
    }

    [Fact]
    public async Task Ticks_of_another_champion_are_not_counted()
    {
        await using var rig = await StartAsync(_dapr);
        await rig.ChallengeAsync(Other.Value);
        var feed = new FeatureFeed(new SimulatedHost(5));
        await FeedAsync(rig, feed, Settled + 10);
        await rig.PublishAsync(Other.Value);
        await FeedAsync(rig, feed, 10);

        (await rig.ReportAsync())!.Ticks.ShouldBe(10);
        rig.Predictions[^1].Model.ShouldBe(Other.Value.Version);
    }

    [Fact]
    public async Task A_challenger_that_is_withdrawn_leaves_nothing_behind()
    {
        await using var rig = await StartAsync(_dapr);
        await rig.ChallengeAsync(Other.Value);
        var feed = new FeatureFeed(new SimulatedHost(6));
        await FeedAsync(rig, feed, 30);
        var state = rig.Registry.Slots.Single().State!;
        state.Shadow!.Model.ShouldBe(Other.Value.Version);
        var challenger = rig.Get<ChallengerHolder>().Current!;
        await rig.ChallengeAsync(null);
        await FeedAsync(rig, feed, 1);
        rig.Get<ChallengerHolder>().Current.ShouldBeNull();
        state.Shadow.ShouldNotBeNull("it may have become champion, and the file is under way");
        _time.Advance(TimeSpan.FromMinutes(5));
        await FeedAsync(rig, feed, 1);

        state.Shadow.ShouldBeNull();
        Should.Throw<ObjectDisposedException>(() => challenger.Model.Scorer.Score(new float[RowSpec.Count], 1, new float[1]));
        rig.Predictions.Count.ShouldBe(32);
    }

    [Fact]
    public async Task A_challenger_that_does_not_work_is_given_up_and_the_champion_goes_on()
    {
        await using var rig = await StartAsync(_dapr);
        await rig.ChallengeAsync(Other.Value);
        var feed = new FeatureFeed(new SimulatedHost(7));
        await FeedAsync(rig, feed, 5);
        var holder = rig.Get<ChallengerHolder>();
        holder.Discard(holder.Current!, "it failed");
        await FeedAsync(rig, feed, 5);
        holder.Current.ShouldBeNull();
        await rig.ChallengeAsync(Other.Value);

        holder.Current.ShouldBeNull("it is not taken again");
        rig.Predictions.Count.ShouldBe(10);
    }

    [Fact]
    public async Task A_challenger_whose_file_is_refused_is_not_compared()
    {
        await using var rig = await StartAsync(_dapr);
        var damaged = Other.Value.Info with
        {
            Version = "0123456789abcdef",
            Sha256 = "00",
            Comparison = new ModelComparison { Against = TestModel.Shared.Version, Since = 1 },
        };
        _dapr.Files["0123456789abcdef.json"] = _dapr.Files[$"{TestModel.Shared.Version}.json"];
        _dapr.Invoke = (_, _) => System.Text.Json.JsonSerializer.Serialize(damaged, ContractJson.Default.ModelInfo);
        await rig.Get<ChallengerHolder>().RefreshAsync(TestContext.Current.CancellationToken);
        await FeedAsync(rig, new FeatureFeed(new SimulatedHost(8)), 5);

        rig.Get<ChallengerHolder>().Current.ShouldBeNull();
        rig.Predictions.Count.ShouldBe(5);
    }

    async Task<PredictorRig> StartAsync(FakeDapr dapr)
    {
        var rig = new PredictorRig(dapr, _time);
        await rig.PublishAsync(TestModel.Shared);
        return rig;
    }

    static async Task FeedAsync(PredictorRig rig, FeatureFeed feed, int count)
    {
        for (var i = 0; i < count; i++)
            await rig.DeliverAsync(feed.Next());
    }
}
