using Forewarn.Analytics;
using Forewarn.Contracts;
using Forewarn.Models;
using Forewarn.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Forewarn.Predictor.Tests;

/// <summary>A model that goes on learning: each entity's ticks are scored by what that entity has taught it, each learned once.</summary>
public sealed class LearningModelTests
{
    const int Window = 60, Ticks = 200;

    static readonly Lazy<(TestModel Model, HalfSpaceForest Forest)> Learning = new(() => TestModel.Learning(seed: 1, Window));

    readonly FakeDapr _dapr = new();
    readonly FakeTimeProvider _time = new(PredictorRig.Start);
    readonly Dictionary<string, StreamingForest> _expected = new(StringComparer.Ordinal);

    [Fact]
    public async Task As_champion_it_learns_each_tick_of_an_entity_once_after_scoring_it()
    {
        await using var rig = await RigAsync(Learning.Value.Model);
        var feeds = new[] { new FeatureFeed(new SimulatedHost(1)), new FeatureFeed(new SimulatedHost(2), entity: "web-2") };
        for (var i = 0; i < Ticks; i++)
        {
            FeatureBatch[] batches = [.. feeds.Select(feed => feed.Next())];
            await rig.DeliverAsync(batches);
            if (i % 7 == 0)
                await rig.DeliverAsync(batches);
            foreach (var batch in batches)
                ScoreOf(rig, batch).ShouldBe(Expect(batch));
        }
        _expected["web-1"].Score(RowOf(feeds[0].Next())).ShouldNotBe(_expected["web-2"].Score(RowOf(feeds[0].Next())), "they have seen different things");
    }

    [Fact]
    public async Task What_an_entity_taught_it_outlives_a_replica()
    {
        var feed = new FeatureFeed(new SimulatedHost(3));
        var rig = await RigAsync(Learning.Value.Model);
        await FeedAsync(rig, feed, Ticks);
        await rig.Checkpoints.StopAsync(TestContext.Current.CancellationToken);
        await rig.DisposeAsync();

        await using var next = await RigAsync(Learning.Value.Model);
        await CompareAsync(next, feed, Ticks);
    }

    [Fact]
    public async Task A_challenger_that_is_promoted_goes_on_with_what_it_learned_in_silence()
    {
        var feed = new FeatureFeed(new SimulatedHost(4));
        await using var rig = await RigAsync(TestModel.Shared);
        await rig.ChallengeAsync(Learning.Value.Model);
        await FeedAsync(rig, feed, Ticks);
        await rig.PublishAsync(Learning.Value.Model);

        await CompareAsync(rig, feed, Ticks);
    }

    [Fact]
    public async Task What_a_challenger_learned_outlives_a_replica_that_did_not_know_it_yet()
    {
        var feed = new FeatureFeed(new SimulatedHost(5));
        var rig = await RigAsync(TestModel.Shared);
        await rig.ChallengeAsync(Learning.Value.Model);
        await FeedAsync(rig, feed, Ticks);
        await rig.Checkpoints.StopAsync(TestContext.Current.CancellationToken);
        await rig.DisposeAsync();

        await using var next = await RigAsync(Learning.Value.Model);
        await CompareAsync(next, feed, Ticks);
    }

    async Task<PredictorRig> RigAsync(TestModel champion)
    {
        var rig = new PredictorRig(_dapr, _time);
        await rig.PublishAsync(champion);
        return rig;
    }

    /// <summary>Delivers, and expects the same ticks to have been learned.</summary>
    async Task FeedAsync(PredictorRig rig, FeatureFeed feed, int count)
    {
        for (var i = 0; i < count; i++)
        {
            var batch = feed.Next();
            await rig.DeliverAsync(batch);
            Expect(batch);
        }
    }

    async Task CompareAsync(PredictorRig rig, FeatureFeed feed, int count)
    {
        for (var i = 0; i < count; i++)
        {
            var batch = feed.Next();
            await rig.DeliverAsync(batch);
            ScoreOf(rig, batch).ShouldBe(Expect(batch));
        }
    }

    float Expect(FeatureBatch batch)
    {
        if (!_expected.TryGetValue(batch.Entity, out var forest))
            _expected.Add(batch.Entity, forest = new StreamingForest(Learning.Value.Forest));
        var row = RowOf(batch);
        var score = forest.Score(row);
        forest.Learn(row);
        return score;
    }

    static float[] RowOf(FeatureBatch batch)
    {
        var row = new float[RowSpec.Count];
        EntityDetector.Prepare(batch.Ticks.ShouldHaveSingleItem(), SimulatedHost.Schema.Columns.Count, row);
        return row;
    }

    static float ScoreOf(PredictorRig rig, FeatureBatch batch) =>
        rig.Predictions.Last(prediction => prediction.Entity == batch.Entity && prediction.Ticks[0].T == batch.Ticks[0].T).Ticks.ShouldHaveSingleItem().Score;
}
