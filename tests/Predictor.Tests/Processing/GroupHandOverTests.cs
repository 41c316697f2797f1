using Forewarn.Analytics;
using Forewarn.Contracts;
using Forewarn.Hosting;
using Forewarn.Models;
using Forewarn.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Forewarn.Predictor.Tests;

/// <summary>What a group's model has to do with an entity goes with the entity from replica to replica.</summary>
public sealed class GroupHandOverTests
{
    const int BeforeFault = MaturityLevels.WarmSamples + BorrowedScaling.FewestRows + 600;
    const int Fault = 40;
    const int After = 150;

    readonly FakeTimeProvider _time = new(PredictorRig.Start);

    [Theory]
    [InlineData(TestGroup.Known, 1e-4f)]
    // A borrowed scaling follows its rows every minute, and at once after it was read.
    [InlineData("new-1", 2e-2f)]
    public async Task An_entity_goes_on_where_it_was_in_the_middle_of_an_alarm(string entity, float tolerance)
    {
        var here = await RunAsync(entity, handOver: false);
        var there = await RunAsync(entity, handOver: true);

        here[BeforeFault + Fault - 1].Ticks[0].Anomalous.ShouldBeTrue("the alarm stands when it is handed over");
        here[^1].Ticks[0].Anomalous.ShouldBeFalse();
        there.Count.ShouldBe(here.Count);
        foreach (var (mine, theirs) in here.Zip(there))
        {
            theirs.Model.ShouldBe(mine.Model);
            (theirs.Ticks[0].T, theirs.Ticks[0].Anomalous).ShouldBe((mine.Ticks[0].T, mine.Ticks[0].Anomalous));
            theirs.Ticks[0].Score.ShouldBe(mine.Ticks[0].Score, tolerance);
            Math.Log10(theirs.Ticks[0].P).ShouldBe(Math.Log10(mine.Ticks[0].P), 10 * tolerance);
        }
    }

    [Fact]
    public async Task A_checkpoint_of_an_older_version_is_a_fresh_start_that_loses_nothing()
    {
        var dapr = new FakeDapr();
        var host = new LinkedHost(TestGroup.Known, 7);
        await using (var rig = await StartAsync(dapr))
        {
            await FeedAsync(rig, host, 100);
            await rig.Checkpoints.StopAsync(TestContext.Current.CancellationToken);
        }
        var (key, stored) = dapr.State.Single(entry => entry.Key.StartsWith($"{Components.State}/", StringComparison.Ordinal));
        var age = CheckpointFrame.LastTickOf(stored.Value);
        dapr.State[key] = (CheckpointFrame.Pack(new Older(age)), stored.Etag);
        dapr.ClearPublished();

        await using var next = await StartAsync(dapr);
        await FeedAsync(next, host, 5);
        next.Predictions.SelectMany(batch => batch.Ticks).Select(tick => tick.T).ShouldBe(Enumerable.Range(100, 5).Select(i => PredictorRig.T0 + (i * 1000L)));
        next.Predictions.ShouldAllBe(batch => batch.Model == TestGroup.Shared.Version);
        next.Registry.Slots.Single().State!.Sequence.Check("p1", 105).ShouldBe(SequenceVerdict.Duplicate);
    }

    async Task<IReadOnlyList<PredictionBatch>> RunAsync(string entity, bool handOver)
    {
        var dapr = new FakeDapr();
        var host = new LinkedHost(entity, 7);
        var rig = await StartAsync(dapr);
        await FeedAsync(rig, host, BeforeFault);
        host.Apart.UnionWith([1, 2, 6, 8]);
        await FeedAsync(rig, host, Fault);
        if (handOver)
        {
            await rig.Checkpoints.StopAsync(TestContext.Current.CancellationToken);
            await rig.DisposeAsync();
            rig = await StartAsync(dapr);
        }
        await FeedAsync(rig, host, 5);
        host.Apart.Clear();
        await FeedAsync(rig, host, After);
        await rig.DisposeAsync();
        return rig.Predictions;
    }

    async Task<PredictorRig> StartAsync(FakeDapr dapr)
    {
        var rig = new PredictorRig(dapr, _time);
        await rig.PublishAsync(TestModel.Shared);
        await rig.PublishGroupsAsync(TestGroup.Shared);
        return rig;
    }

    sealed class Older(long lastTick) : IEntityState
    {
        public long LastTick => lastTick;

        public bool HasUnpublished => false;

        public void Write(BinaryWriter writer) => writer.Write((byte)2);
    }

    static async Task FeedAsync(PredictorRig rig, LinkedHost host, int count)
    {
        for (var i = 0; i < count; i++)
            await rig.DeliverAsync(host.Next());
    }
}
