using Forewarn.Analytics;
using Forewarn.Contracts;
using Forewarn.Testing;
using Grpc.Core;
using Microsoft.Extensions.Time.Testing;

namespace Forewarn.StreamProcessor.Tests;

public sealed class RawPipelineTests
{
    readonly FakeDapr _dapr = new();
    readonly FakeTimeProvider _time = new(StreamRig.Start);
    readonly long _t0 = StreamRig.Start.ToUnixTimeMilliseconds();

    [Fact]
    public async Task Every_second_becomes_a_feature_tick_at_once()
    {
        await using var rig = new StreamRig(_dapr, _time);
        var schema = StreamRig.Schema(_dapr, "a", "b");
        for (var i = 0; i < 30; i++)
        {
            await rig.DeliverAsync(StreamRig.Batch(schema, i + 1, _t0 + (i * 1000) + 70, [0.1 * i, double.NaN]));
            _time.Advance(TimeSpan.FromSeconds(1));
        }
        var batches = rig.Features();
        batches.Count.ShouldBe(30);
        batches.Select(batch => batch.Seq).ShouldBe(Enumerable.Range(1, 30).Select(i => (long)i));
        batches.ShouldAllBe(batch => batch.Schema == schema.Hash && batch.Spec == FeatureSpec.Version && batch.Ticks.Count == 1);
        var last = batches[^1];
        last.Ticks[0].T.ShouldBe(_t0 + 29_000);
        last.Ticks[0].Features.Length.ShouldBe(2 * FeatureSpec.Count);
        last.Ticks[0].Features[FeatureSpec.Value].ShouldBe(2.9f);
        last.Ticks[0].Features[FeatureSpec.Count].ShouldBe(float.NaN, "a series that was not measured is masked, not zero");
        last.Maturity.ShouldBe(EntityMaturity.Warming);
        last.Stamps.Received.ShouldBe(_t0 + 29_090);
        last.Stamps.Featured.ShouldBe(_t0 + 29_000);
        _dapr.Published.ShouldAllBe(entry => entry.Entry.Metadata["partitionKey"] == "web-1");
    }

    [Fact]
    public async Task Minutes_become_ticks_of_their_means()
    {
        await using var rig = new StreamRig(_dapr, _time);
        var schema = StreamRig.Schema(_dapr, "a");
        for (var i = 0; i <= 120; i++)
            await rig.DeliverAsync(StreamRig.Batch(schema, i + 1, _t0 + (i * 1000), [i < 60 ? 0.25 : 0.75]));
        var minutes = rig.Features(60_000);
        minutes.SelectMany(batch => batch.Ticks).Select(tick => (tick.T - _t0, tick.Features[FeatureSpec.Value]))
            .ShouldBe([(0L, 0.25f), (60_000L, 0.75f)]);
    }

    [Fact]
    public async Task Ticks_a_minute_apart_or_slower_are_minutes_themselves_also_after_a_restart()
    {
        var schema = StreamRig.Schema(_dapr, "a");
        await using (var rig = new StreamRig(_dapr, _time))
        {
            await ProbeAsync(rig, 0, 15);
            await rig.Checkpoints.StopAsync(TestContext.Current.CancellationToken);
        }
        await using var again = new StreamRig(_dapr, _time);
        await ProbeAsync(again, 15, 30);

        TicksOf(again, 1000).Concat(TicksOf(again, 60_000)).ShouldBe(Enumerable.Range(0, 30).Select(i => (i * 300_000L, (float)i)));
        TicksOf(again, 1000).Count.ShouldBe(8, "eight intervals show the rhythm");
        again.Features(60_000)[^1].Maturity.ShouldBe(EntityMaturity.Warming);
        again.Features(60_000)[^1].Ticks[0].Features[FeatureSpec.Mean5].ShouldBe(27f, "its own past, not that of minutes");

        async Task ProbeAsync(StreamRig rig, int from, int to)
        {
            for (var i = from; i < to; i++)
            {
                await rig.DeliverAsync(StreamRig.Batch(schema, i + 1, _t0 + (i * 300_000), [i]));
                _time.Advance(TimeSpan.FromMinutes(5));
            }
        }

        List<(long T, float Value)> TicksOf(StreamRig rig, int cadenceMs) =>
            [.. rig.Features(cadenceMs).SelectMany(batch => batch.Ticks).Select(tick => (tick.T - _t0, tick.Features[FeatureSpec.Value]))];
    }

    [Fact]
    public async Task A_probe_of_each_minute_that_is_early_or_late_gets_no_means_beside_its_ticks()
    {
        await using var rig = new StreamRig(_dapr, _time);
        var schema = StreamRig.Schema(_dapr, "a");
        long[] late = [0, 2000, 1000, -1000];
        for (var i = 0; i < 40; i++)
        {
            await rig.DeliverAsync(StreamRig.Batch(schema, i + 1, _t0 + (i * 60_000) + late[i % 4], [i]));
            _time.Advance(TimeSpan.FromMinutes(1));
        }
        // A second early makes two ticks of one minute; a mean of them comes only while the rhythm is unknown.
        var values = rig.Features(60_000).SelectMany(batch => batch.Ticks).Select(tick => tick.Features[FeatureSpec.Value]).ToList();
        values.ShouldBe([2.5f, .. Enumerable.Range(8, 32).Select(i => (float)i)]);
    }

    [Fact]
    public async Task A_failed_publish_is_repeated_with_the_redelivery_and_nothing_is_applied_twice()
    {
        await using var rig = new StreamRig(_dapr, _time);
        var schema = StreamRig.Schema(_dapr, "a");
        await rig.DeliverAsync(StreamRig.Batch(schema, 1, _t0, [1]));
        _dapr.RefusePublish = _ => true;
        var second = StreamRig.Batch(schema, 2, _t0 + 1000, [3]);
        await Should.ThrowAsync<RpcException>(() => rig.DeliverAsync(second));
        await Should.ThrowAsync<RpcException>(() => rig.DeliverAsync(second));
        _dapr.RefusePublish = _ => false;
        await rig.DeliverAsync(second);
        await rig.DeliverAsync(second);
        await rig.DeliverAsync(StreamRig.Batch(schema, 3, _t0 + 2000, [5]));

        var ticks = rig.Features().SelectMany(batch => batch.Ticks).ToList();
        ticks.Select(tick => tick.T).ShouldBe([_t0, _t0 + 1000, _t0 + 2000]);
        ticks[^1].Features[FeatureSpec.Mean60].ShouldBe(3f, "1, 3 and 5, each once");
        rig.Features().Select(batch => batch.Seq).ShouldBe([1, 2, 3]);
    }

    [Fact]
    public async Task A_publish_that_got_through_but_failed_repeats_the_same_ids()
    {
        await using var rig = new StreamRig(_dapr, _time);
        var schema = StreamRig.Schema(_dapr, "a");
        _dapr.RefusePublish = _ => true;
        _dapr.PublishBeforeRefusing = true;
        var batch = StreamRig.Batch(schema, 1, _t0, [1]);
        await Should.ThrowAsync<RpcException>(() => rig.DeliverAsync(batch));
        _dapr.RefusePublish = _ => false;
        await rig.DeliverAsync(batch);
        _dapr.Published.Count.ShouldBe(2);
        _dapr.Published[0].Entry.Metadata["cloudevent.id"].ShouldBe(_dapr.Published[1].Entry.Metadata["cloudevent.id"]);
        rig.Features().Select(features => (features.Producer, features.Seq)).Distinct().Count().ShouldBe(1);
    }

    [Fact]
    public async Task Two_producers_of_one_entity_share_its_ticks()
    {
        await using var rig = new StreamRig(_dapr, _time);
        var cpu = StreamRig.Schema(_dapr, "cpu");
        var probe = StreamRig.Schema(_dapr, "probe");
        for (var i = 0; i < 10; i++)
        {
            var t = _t0 + (i * 1000);
            await rig.DeliverAsync(StreamRig.Batch(cpu, i + 1, t, [1]), StreamRig.Batch(probe, i + 1, t + 300, [2], producer: "p2"));
        }
        var last = rig.Features()[^1];
        last.Ticks[0].Features.Where((_, i) => i % FeatureSpec.Count == FeatureSpec.Value).Order().ShouldBe([1f, 2f]);
        var stored = await rig.Get<Hosting.SchemaRegistry>().GetAsync(last.Schema, TestContext.Current.CancellationToken);
        stored.Columns.Select(column => column.Name).Order().ShouldBe(["cpu", "probe"]);
        _dapr.State.ShouldContainKey($"{Components.Schemas}/{last.Schema}");
        rig.Features().Sum(batch => batch.Ticks.Count).ShouldBe(10);
    }

    [Fact]
    public async Task A_tick_with_a_part_missing_is_closed_by_the_clock()
    {
        await using var rig = new StreamRig(_dapr, _time);
        var cpu = StreamRig.Schema(_dapr, "cpu");
        var probe = StreamRig.Schema(_dapr, "probe");
        for (var i = 0; i < 3; i++)
            await rig.DeliverAsync(StreamRig.Batch(cpu, i + 1, _t0 + (i * 1000), [1]), StreamRig.Batch(probe, i + 1, _t0 + (i * 1000), [2], producer: "p2"));
        _dapr.ClearPublished();
        await rig.DeliverAsync(StreamRig.Batch(cpu, 4, _t0 + 3000, [1]));
        rig.Features().ShouldBeEmpty();
        var clock = rig.Get<MergeClock>();
        await clock.CloseAsync(["web-1"], force: false, TestContext.Current.CancellationToken);
        rig.Features().ShouldBeEmpty("its time is not over");
        _time.Advance(TimeSpan.FromMilliseconds(100));
        await clock.CloseAsync(["web-1"], force: false, TestContext.Current.CancellationToken);
        rig.Features().Single().Ticks.Single().T.ShouldBe(_t0 + 3000);
    }

    [Fact]
    public async Task A_change_of_columns_keeps_the_series_that_stay()
    {
        await using var rig = new StreamRig(_dapr, _time);
        var before = StreamRig.Schema(_dapr, "a");
        var after = StreamRig.Schema(_dapr, "a", "b");
        for (var i = 0; i < 10; i++)
            await rig.DeliverAsync(StreamRig.Batch(before, i + 1, _t0 + (i * 1000), [i]));
        await rig.DeliverAsync(StreamRig.Batch(after, 11, _t0 + 10_000, [10, 1]));
        _time.Advance(TimeSpan.FromSeconds(1));
        await rig.Get<MergeClock>().CloseAsync(["web-1"], force: false, TestContext.Current.CancellationToken);
        var last = rig.Features()[^1];
        var schema = await rig.Get<Hosting.SchemaRegistry>().GetAsync(last.Schema, TestContext.Current.CancellationToken);
        var a = schema.Columns.Select((column, i) => (column.Name, i)).Single(column => column.Name == "a").i;
        last.Ticks[^1].Features[(a * FeatureSpec.Count) + FeatureSpec.Mean60].ShouldBe(5f, "0 to 10");
    }

    [Fact]
    public async Task Late_rows_and_rows_of_a_wrong_clock_stay_out()
    {
        await using var rig = new StreamRig(_dapr, _time);
        var schema = StreamRig.Schema(_dapr, "a");
        await rig.DeliverAsync(StreamRig.Batch(schema, 1, _t0, [1]));
        await rig.DeliverAsync(StreamRig.Batch(schema, 2, _t0 + 3_000_000, [9]));
        await rig.DeliverAsync(StreamRig.Batch(schema, 3, _t0 - 1000, [9]));
        await rig.DeliverAsync(StreamRig.Batch(schema, 4, _t0 + 1000, [1]));
        var ticks = rig.Features().SelectMany(batch => batch.Ticks).ToList();
        ticks.Select(tick => tick.T).ShouldBe([_t0, _t0 + 1000]);
        ticks[^1].Features[FeatureSpec.Mean60].ShouldBe(1f);
    }

    [Fact]
    public async Task What_can_never_be_read_goes_to_the_dead_topic_and_the_rest_goes_on()
    {
        await using var rig = new StreamRig(_dapr, _time);
        var schema = StreamRig.Schema(_dapr, "a");
        var bad = StreamRig.Batch(schema, 1, _t0, [1, 2, 3], entity: "bad");
        await rig.DeliverAsync(bad, StreamRig.Batch(schema, 1, _t0, [1]));
        rig.Features().Single().Entity.ShouldBe("web-1");
        var letter = _dapr.Messages(Topics.Dead(Topics.MetricsRaw), ContractJson.Default.DeadLetter).Single();
        letter.Reason.ShouldBe("A row has 3 values, its schema 1 columns.");
    }

    [Fact]
    public async Task A_schema_that_is_not_there_yet_repeats_the_delivery_and_one_that_was_lost_does_not_block_for_ever()
    {
        await using var rig = new StreamRig(_dapr, _time);
        var unknown = SeriesSchema.Of([SeriesColumn.Of("nowhere", "1")]);
        var message = StreamRig.Batch(unknown, 1, _t0, [1]);
        await Should.ThrowAsync<Hosting.SchemaMissingException>(() => rig.DeliverAsync(message));
        _time.Advance(TimeSpan.FromMinutes(2));
        await rig.DeliverAsync(message);
        _dapr.Messages(Topics.Dead(Topics.MetricsRaw), ContractJson.Default.DeadLetter).Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_new_entity_costs_one_look_into_the_state_store_and_no_question_to_history()
    {
        await using var rig = new StreamRig(_dapr, _time);
        var schema = StreamRig.Schema(_dapr, "a");
        for (var i = 0; i < 5; i++)
            await rig.DeliverAsync(StreamRig.Batch(schema, i + 1, _t0 + (i * 1000), [1]));
        // One for the schema, one for the checkpoint.
        _dapr.Calls["GetState"].ShouldBe(2);
        _dapr.Calls.ShouldNotContainKey(Apps.History);
    }
}
