using System.Collections.Concurrent;
using Forewarn.Analytics;
using Forewarn.Contracts;
using Forewarn.Models;
using Forewarn.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Forewarn.Predictor.Tests;

/// <summary>A group's model changes under load, again and again.</summary>
public sealed class GroupSwapTests
{
    const int Swaps = 30;
    const int Lanes = 3;
    const int EntitiesPerLane = 2;

    /// <summary>ONNX Runtime may add up a row alone and in a batch in different order; a score is a sum of logarithms.</summary>
    const float Tolerance = 1e-3f;

    static readonly string[] Entities = [.. Enumerable.Range(0, Lanes * EntitiesPerLane).Select(i => $"web-{i}")];
    static readonly TestGroup[] Groups = [.. Enumerable.Range(1, 3).Select(seed => new TestGroup(seed, entities: Entities))];

    readonly ConcurrentDictionary<(string Entity, long T), FeatureTick> _ticks = [];
    readonly SemaphoreSlim _delivered = new(0);

    [Fact]
    public async Task Thirty_swaps_drop_no_tick_double_none_and_mix_no_batch()
    {
        await using var rig = new PredictorRig(new FakeDapr(), new FakeTimeProvider(PredictorRig.Start));
        await rig.PublishAsync(TestModel.Shared);
        await rig.PublishGroupsAsync(Groups[0]);
        var used = new List<LoadedModel> { InUse(rig) };
        using var done = new CancellationTokenSource();
        var lanes = Enumerable.Range(0, Lanes).Select(lane => Task.Run(() => DeliverAsync(rig, lane, done.Token))).ToArray();
        for (var swap = 1; swap <= Swaps; swap++)
        {
            // Some delivery is between its arrival and its end at any of these moments.
            await _delivered.WaitAsync(TestContext.Current.CancellationToken);
            await rig.PublishGroupsAsync(Groups[swap % Groups.Length]);
            used.Add(InUse(rig));
            used[^1].Version.ShouldBe(Groups[swap % Groups.Length].Version);
        }
        await done.CancelAsync();
        await Task.WhenAll(lanes);

        var scorers = Groups.Select(group => new Judge(group)).ToDictionary(judge => judge.Version, StringComparer.Ordinal);
        var seen = new HashSet<(string, long)>();
        foreach (var batch in rig.Predictions)
        {
            scorers.ShouldContainKey(batch.Model, "no tick is left to the model of everybody");
            foreach (var tick in batch.Ticks)
            {
                seen.Add((batch.Entity, tick.T)).ShouldBeTrue($"{batch.Entity} at {tick.T} was decided twice");
                tick.Score.ShouldBe(scorers[batch.Model].ScoreOf(batch.Entity, _ticks[(batch.Entity, tick.T)]), Tolerance);
            }
        }
        seen.Count.ShouldBe(_ticks.Count, "a tick was dropped");
        rig.Predictions.Select(batch => batch.Model).Distinct().Count().ShouldBe(Groups.Length);
        used.Count(IsDisposed).ShouldBe(Swaps, "all but the last are gone");
        IsDisposed(used[^1]).ShouldBeFalse();
    }

    async Task DeliverAsync(PredictorRig rig, int lane, CancellationToken done)
    {
        LinkedHost[] hosts = [.. Enumerable.Range(0, EntitiesPerLane).Select(i => new LinkedHost(Entities[(lane * EntitiesPerLane) + i], 100 + (lane * 10) + i) { Maturity = EntityMaturity.Warm })];
        foreach (var host in hosts)
        {
            for (var i = 0; i < JointTraining.Settling; i++)
                host.Tick();
        }
        while (!done.IsCancellationRequested)
        {
            FeatureBatch[] batches = [.. hosts.Select(host => host.Next(ticks: 3))];
            foreach (var batch in batches)
            {
                foreach (var tick in batch.Ticks)
                    _ticks[(batch.Entity, tick.T)] = tick;
            }
            await rig.DeliverAsync(batches);
            _delivered.Release();
        }
    }

    static LoadedModel InUse(PredictorRig rig)
    {
        var serving = rig.Get<GroupModels>().Hold();
        serving.Leave();
        return serving.Models.ShouldHaveSingleItem();
    }

    static bool IsDisposed(LoadedModel model) => Record.Exception(() => model.Scorer.Score(new float[model.Scorer.Inputs], 1, new float[1])) is ObjectDisposedException;

    /// <summary>What a model says of one tick alone.</summary>
    sealed class Judge
    {
        readonly GroupModel _model;
        readonly JointRun _run;

        public Judge(TestGroup group)
        {
            var scorer = OnnxScorer.Load(group.Onnx);
            _model = GroupModel.Of(group.Version, scorer, group.Manifest.Prior)!;
            _run = new JointRun(_model, scorer, 1);
        }

        public string Version => _model.Version;

        public float ScoreOf(string entity, FeatureTick tick)
        {
            var own = new JointEntity();
            _run.Clear();
            var view = own.Fill(_model, entity, EntityMaturity.Warm, tick, LinkedHost.Schema, _run.Next);
            var row = _run.Keep();
            _run.Score();
            return JointLevels.Scaled(own.Read(view.ShouldNotBeNull(), _run, row, tick).Score);
        }
    }
}
