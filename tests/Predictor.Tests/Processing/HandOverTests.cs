using Forewarn.Models;
using Forewarn.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Forewarn.Predictor.Tests;

/// <summary>A challenger becomes champion: what it learned of an entity in the shadow is its calibration.</summary>
public sealed class HandOverTests
{
    const int Shadowed = 800;

    static readonly Lazy<TestModel> Other = new(() => new TestModel(seed: 3));

    readonly FakeDapr _dapr = new();
    readonly FakeTimeProvider _time = new(PredictorRig.Start);

    [Fact]
    public async Task After_a_promotion_p_values_continue_those_of_the_shadow()
    {
        await using var rig = await ShadowedAsync(_dapr, 1, Shadowed, out var feed);
        // A trial that ends is heard of by one loop, the new champion by another.
        await rig.ChallengeAsync(null);
        await rig.DeliverAsync(feed.Next());
        await rig.PublishAsync(Other.Value);
        rig.Registry.Slots.Single().State!.Shadow.ShouldNotBeNull();
        await FeedAsync(rig, feed, 200);

        rig.Registry.Slots.Single().State!.Shadow.ShouldBeNull();
        // The tick in between was scored by the old champion alone.
        PsOf(rig, 200).ShouldBe(await AlwaysOtherAsync(1, leaveOut: Shadowed));
    }

    [Fact]
    public async Task What_a_shadow_has_learned_outlives_a_replica()
    {
        var rig = await ShadowedAsync(_dapr, 2, Shadowed, out var feed);
        await rig.Checkpoints.StopAsync(TestContext.Current.CancellationToken);
        await rig.DisposeAsync();

        await using var next = new PredictorRig(_dapr, _time);
        await next.PublishAsync(Other.Value);
        await FeedAsync(next, feed, 200);

        PsOf(next, 200).ShouldBe(await AlwaysOtherAsync(2, leaveOut: null));
    }

    [Fact]
    public async Task A_replica_that_takes_over_goes_on_with_the_shadow()
    {
        var rig = await ShadowedAsync(_dapr, 3, ShadowDetector.SettleTicks + 100, out var feed);
        await rig.Checkpoints.StopAsync(TestContext.Current.CancellationToken);
        await rig.DisposeAsync();

        await using var next = new PredictorRig(_dapr, _time);
        await next.PublishAsync(TestModel.Shared);
        await next.ChallengeAsync(Other.Value);
        await FeedAsync(next, feed, 5);

        (await next.ReportAsync())!.Ticks.ShouldBe(5, "it has settled already");
    }

    [Fact]
    public async Task A_model_that_was_not_tried_here_starts_from_its_prior()
    {
        await using var rig = await ShadowedAsync(_dapr, 4, Shadowed, out var feed);
        await rig.PublishAsync(new TestModel(seed: 7));
        await rig.DeliverAsync(feed.Next());

        var state = rig.Registry.Slots.Single().State!;
        state.Detector.Model.ShouldNotBe(Other.Value.Version);
        state.Shadow!.Model.ShouldBe(Other.Value.Version, "it is still on trial as far as is known here");
    }

    Task<PredictorRig> ShadowedAsync(FakeDapr dapr, int seed, int ticks, out FeatureFeed feed)
    {
        var fed = feed = new FeatureFeed(new SimulatedHost(seed));
        return StartAsync();

        async Task<PredictorRig> StartAsync()
        {
            var rig = new PredictorRig(dapr, _time);
            await rig.PublishAsync(TestModel.Shared);
            await rig.ChallengeAsync(Other.Value);
            await FeedAsync(rig, fed, ticks);
            return rig;
        }
    }

    /// <summary>p of the 200 ticks after the shadowed ones when <see cref="Other"/> has been champion from the first.</summary>
    async Task<double[]> AlwaysOtherAsync(int seed, int? leaveOut)
    {
        await using var rig = new PredictorRig(new FakeDapr(), _time);
        await rig.PublishAsync(Other.Value);
        var feed = new FeatureFeed(new SimulatedHost(seed));
        await FeedAsync(rig, feed, Shadowed);
        if (leaveOut is not null)
            feed.Next();
        await FeedAsync(rig, feed, 200);
        return PsOf(rig, 200);
    }

    static double[] PsOf(PredictorRig rig, int newest) => [.. rig.Predictions.TakeLast(newest).Select(batch =>
    {
        batch.Model.ShouldBe(Other.Value.Version);
        return batch.Ticks.ShouldHaveSingleItem().P;
    })];

    static async Task FeedAsync(PredictorRig rig, FeatureFeed feed, int count)
    {
        for (var i = 0; i < count; i++)
            await rig.DeliverAsync(feed.Next());
    }
}
