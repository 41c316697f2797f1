using System.Text.Json;
using System.Web;
using Forewarn.Contracts;
using Forewarn.Hosting;
using Forewarn.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Forewarn.StreamProcessor.Tests;

public sealed class TakeOverTests
{
    static readonly long T0 = StreamRig.Start.ToUnixTimeMilliseconds();

    [Fact]
    public async Task Checkpoint_and_history_give_what_an_uninterrupted_run_gives()
    {
        var uninterrupted = await FeaturesAsync(total: 240, killAt: null, savedAt: 0, withHistory: true);
        var takenOver = await FeaturesAsync(total: 240, killAt: 130, savedAt: 101, withHistory: true);
        takenOver.Select(tick => tick.T).ShouldBe(uninterrupted.Select(tick => tick.T));
        for (var i = 0; i < uninterrupted.Count; i++)
            takenOver[i].Features.ShouldBe(uninterrupted[i].Features, $"tick {i}");
    }

    [Fact]
    public async Task Without_a_checkpoint_history_alone_fills_the_state()
    {
        var uninterrupted = await FeaturesAsync(total: 100, killAt: null, savedAt: 0, withHistory: true);
        var takenOver = await FeaturesAsync(total: 100, killAt: 20, savedAt: null, withHistory: true);
        takenOver[^1].Features.ShouldBe(uninterrupted[^1].Features);
    }

    [Fact]
    public async Task Without_history_the_entity_goes_on_from_its_checkpoint_and_no_tick_is_published_twice()
    {
        var takenOver = await FeaturesAsync(total: 100, killAt: 50, savedAt: 40, withHistory: false);
        takenOver.Select(tick => tick.T).ShouldBe(Enumerable.Range(0, 100).Select(i => T0 + (i * 1000L)));
    }

    [Fact]
    public async Task The_replica_that_lost_an_entity_notices_and_lets_go()
    {
        var dapr = new FakeDapr();
        var time = new FakeTimeProvider(StreamRig.Start);
        var schema = StreamRig.Schema(dapr, "a");
        await using var first = new StreamRig(dapr, time);
        await using var second = new StreamRig(dapr, time);
        await first.DeliverAsync(StreamRig.Batch(schema, 1, T0, [1]));
        time.Advance(TimeSpan.FromSeconds(31));
        (await first.Checkpoints.SaveDueAsync(TestContext.Current.CancellationToken)).ShouldBe(1);
        await first.DeliverAsync(StreamRig.Batch(schema, 2, T0 + 1000, [1]));
        for (var i = 3; i <= 10; i++)
            await second.DeliverAsync(StreamRig.Batch(schema, i, T0 + (i * 1000), [1]));
        (await second.Checkpoints.SaveDueAsync(TestContext.Current.CancellationToken)).ShouldBe(1, "a taken-over state is saved at once");
        time.Advance(TimeSpan.FromSeconds(31));
        (await first.Checkpoints.SaveDueAsync(TestContext.Current.CancellationToken)).ShouldBe(0);
        first.Registry.Count.ShouldBe(0);
        CheckpointFrame.LastTickOf(dapr.State[$"{Components.State}/web-1"].Value).ShouldBe(T0 + 10_000);

        // And back: the first replica picks the entity up where the second left it.
        await first.DeliverAsync(StreamRig.Batch(schema, 11, T0 + 11_000, [1]));
        first.Registry.Slots.Single().State!.LastTick.ShouldBe(T0 + 11_000);
    }

    [Fact]
    public async Task A_state_with_unpublished_features_is_not_saved()
    {
        var dapr = new FakeDapr();
        var time = new FakeTimeProvider(StreamRig.Start);
        var schema = StreamRig.Schema(dapr, "a");
        await using var rig = new StreamRig(dapr, time);
        dapr.RefusePublish = _ => true;
        await Should.ThrowAsync<Grpc.Core.RpcException>(() => rig.DeliverAsync(StreamRig.Batch(schema, 1, T0, [1])));
        time.Advance(TimeSpan.FromSeconds(61));
        (await rig.Checkpoints.SaveDueAsync(TestContext.Current.CancellationToken)).ShouldBe(0);
        dapr.RefusePublish = _ => false;
        await rig.DeliverAsync(StreamRig.Batch(schema, 1, T0, [1]));
    }

    [Fact]
    public async Task A_damaged_checkpoint_means_a_cold_start_and_no_failure()
    {
        var dapr = new FakeDapr();
        var time = new FakeTimeProvider(StreamRig.Start);
        var schema = StreamRig.Schema(dapr, "a");
        dapr.State[$"{Components.State}/web-1"] = ([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15], "x");
        await using var rig = new StreamRig(dapr, time);
        await rig.DeliverAsync(StreamRig.Batch(schema, 1, T0, [1]));
        rig.Features().Single().Maturity.ShouldBe(EntityMaturity.Cold);
    }

    [Fact]
    public async Task A_checkpoint_of_an_older_version_means_a_cold_start_that_history_warms_up()
    {
        var dapr = new FakeDapr();
        var time = new FakeTimeProvider(StreamRig.Start);
        var schema = StreamRig.Schema(dapr, "a");
        await using (var before = new StreamRig(dapr, time))
        {
            for (var i = 0; i < 100; i++)
                await before.DeliverAsync(StreamRig.Batch(schema, i + 1, T0 + (i * 1000), [i]));
            await before.Checkpoints.StopAsync(TestContext.Current.CancellationToken);
        }
        var (kept, etag) = dapr.State[$"{Components.State}/web-1"];
        dapr.State[$"{Components.State}/web-1"] = (CheckpointFrame.Pack(new OfAnOlderVersion(kept)), etag);
        dapr.ClearPublished();
        List<(SeriesSchema Schema, MetricRow Row)> rows = [.. Enumerable.Range(0, 100).Select(i => (schema, new MetricRow(T0 + (i * 1000), [(double)i])))];
        dapr.Invoke = (app, path) => app == Apps.History ? History(rows, path) : null;

        await using var rig = new StreamRig(dapr, time);
        await rig.DeliverAsync(StreamRig.Batch(schema, 101, T0 + 100_000, [100]));

        var batch = rig.Features().Single();
        batch.Maturity.ShouldBe(EntityMaturity.Warm);
        batch.Ticks.Single().Features[Analytics.FeatureSpec.Mean60].ShouldBe(70.5f, "41 to 100");
        time.Advance(TimeSpan.FromSeconds(61));
        (await rig.Checkpoints.SaveDueAsync(TestContext.Current.CancellationToken)).ShouldBe(1, "the new state takes the place of the old one");
    }

    /// <summary>A state whose bytes say that the version before wrote them.</summary>
    sealed class OfAnOlderVersion(byte[] blob) : IEntityState
    {
        public long LastTick => CheckpointFrame.LastTickOf(blob);

        public bool HasUnpublished => false;

        public void Write(BinaryWriter writer)
        {
            using var reader = CheckpointFrame.Unpack(blob);
            writer.Write((byte)(reader.ReadByte() - 1));
            reader.BaseStream.CopyTo(writer.BaseStream);
        }
    }

    static async Task<List<FeatureTick>> FeaturesAsync(int total, int? killAt, int? savedAt, bool withHistory)
    {
        var dapr = new FakeDapr();
        var time = new FakeTimeProvider(StreamRig.Start);
        var cpu = StreamRig.Schema(dapr, "cpu", "memory");
        var probe = StreamRig.Schema(dapr, "probe");
        var rows = new List<(SeriesSchema Schema, MetricRow Row)>();
        if (withHistory)
            dapr.Invoke = (app, path) => app == Apps.History ? History(rows, path) : null;
        else
            dapr.Invoke = (_, _) => throw new HttpRequestException("away");

        var rig = new StreamRig(dapr, time);
        try
        {
            for (var i = 0; i < total; i++)
            {
                var t = T0 + (i * 1000L);
                var batches = Measure(cpu, probe, i, t);
                rows.AddRange(batches.Select(batch => (batch.Schema == cpu.Hash ? cpu : probe, batch.Rows[0])));
                await rig.DeliverAsync([.. batches]);
                time.Advance(TimeSpan.FromSeconds(1));
                if (savedAt == i)
                    await rig.Checkpoints.StopAsync(TestContext.Current.CancellationToken);
                if (killAt == i)
                {
                    await rig.DisposeAsync();
                    rig = new StreamRig(dapr, time);
                }
            }
            return [.. rig.Features().SelectMany(batch => batch.Ticks)];
        }
        finally
        {
            await rig.DisposeAsync();
        }
    }

    static List<MetricBatch> Measure(SeriesSchema cpu, SeriesSchema probe, int i, long t)
    {
        var batches = new List<MetricBatch> { StreamRig.Batch(cpu, i + 1, t, [0.2 + (0.1 * Math.Sin(i)), 0.5 + (i * 0.001)]) };
        if (i % 10 == 0)
            batches.Add(StreamRig.Batch(probe, (i / 10) + 1, t, [0.01 * (i % 7)], producer: "p2", source: "probe"));
        return batches;
    }

    static string History(List<(SeriesSchema Schema, MetricRow Row)> rows, string path)
    {
        const int PageRows = 16;
        var query = HttpUtility.ParseQueryString(path[path.IndexOf('?', StringComparison.Ordinal)..]);
        long from = long.Parse(query["from"]!, null), to = long.Parse(query["to"]!, null);
        var found = rows.Where(row => row.Row.T >= from && row.Row.T < to).OrderBy(row => row.Row.T).ToList();
        var page = found.Take(PageRows).ToList();
        var sets = page.GroupBy(row => row.Schema.Hash).Select(group => new RawRowSet(group.Key, [.. group.Select(row => row.Row)])).ToList();
        // A page ends between instants, never inside one.
        long? next = found.Count > PageRows ? page[^1].Row.T : null;
        if (next is { } cut)
            sets = [.. sets.Select(set => set with { Rows = [.. set.Rows.Where(row => row.T < cut)] })];
        return JsonSerializer.Serialize(new RawRows { Entity = "web-1", Sets = sets, Next = next }, ContractJson.Default.RawRows);
    }
}
