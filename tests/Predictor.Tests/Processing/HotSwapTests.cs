using System.Collections.Concurrent;
using Forewarn.Contracts;
using Forewarn.Models;
using Forewarn.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Forewarn.Predictor.Tests;

/// <summary>Models change under load, again and again.</summary>
public sealed class HotSwapTests
{
    const int Swaps = 100;
    const int Lanes = 4;
    const int EntitiesPerLane = 5;

    /// <summary>ONNX Runtime may add up a row alone and in a batch in different order.</summary>
    const float Tolerance = 1e-6f;

    static readonly TestModel[] Models = [TestModel.Shared, .. Enumerable.Range(11, 3).Select(seed => new TestModel(seed))];

    readonly ConcurrentDictionary<(string Entity, long T), float[]> _rows = [];
    readonly SemaphoreSlim _delivered = new(0);

    [Fact]
    public async Task A_hundred_swaps_drop_no_tick_double_none_and_mix_no_batch()
    {
        await using var rig = new PredictorRig(new FakeDapr(), new FakeTimeProvider(PredictorRig.Start));
        await rig.PublishAsync(Models[0]);
        using var done = new CancellationTokenSource();
        var lanes = Enumerable.Range(0, Lanes).Select(lane => Task.Run(() => DeliverAsync(rig, lane, done.Token))).ToArray();
        for (var swap = 1; swap <= Swaps; swap++)
        {
            // Some delivery is between its arrival and its end at any of these moments.
            await _delivered.WaitAsync(TestContext.Current.CancellationToken);
            await rig.PublishAsync(Models[swap % Models.Length]);
            rig.Models.Current!.Version.ShouldBe(Models[swap % Models.Length].Version);
        }
        await done.CancelAsync();
        await Task.WhenAll(lanes);

        var seen = new HashSet<(string, long)>();
        foreach (var batch in rig.Predictions)
        {
            var model = Models.Where(model => model.Version == batch.Model).ShouldHaveSingleItem();
            foreach (var tick in batch.Ticks)
            {
                seen.Add((batch.Entity, tick.T)).ShouldBeTrue($"{batch.Entity} at {tick.T} was decided twice");
                tick.Score.ShouldBe(ScoreOf(model, _rows[(batch.Entity, tick.T)]), Tolerance);
            }
        }
        seen.Count.ShouldBe(_rows.Count, "a tick was dropped");
        rig.Predictions.Select(batch => batch.Model).Distinct().Count().ShouldBe(Models.Length);
        Models.Select(model => ScoreOf(model, _rows.First().Value)).Distinct().Count().ShouldBe(Models.Length, "models that score alike prove nothing");
    }

    async Task DeliverAsync(PredictorRig rig, int lane, CancellationToken done)
    {
        var feeds = Enumerable.Range(0, EntitiesPerLane).Select(i => new FeatureFeed(new SimulatedHost((lane * 10) + i), $"host-{lane}-{i}")).ToArray();
        while (!done.IsCancellationRequested)
        {
            FeatureBatch[] batches = [.. feeds.Select(feed => feed.Next(ticks: 3))];
            foreach (var batch in batches)
            {
                foreach (var tick in batch.Ticks)
                {
                    var row = _rows[(batch.Entity, tick.T)] = new float[Analytics.RowSpec.Count];
                    EntityDetector.Prepare(tick, SimulatedHost.Schema.Columns.Count, row);
                }
            }
            await rig.DeliverAsync(batches);
            _delivered.Release();
        }
    }

    static float ScoreOf(TestModel model, float[] row)
    {
        var score = new float[1];
        model.Scorer.Score(row, 1, score);
        return score[0];
    }
}
