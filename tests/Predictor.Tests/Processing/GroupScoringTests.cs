using Forewarn.Analytics;
using Forewarn.Contracts;
using Forewarn.Models;
using Forewarn.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Forewarn.Predictor.Tests;

/// <summary>Whose model judges which tick, through the whole predictor.</summary>
public sealed class GroupScoringTests
{
    const int WarmUp = 400;

    readonly FakeDapr _dapr = new();
    readonly FakeTimeProvider _time = new(PredictorRig.Start);

    [Fact]
    public async Task In_one_delivery_each_entity_is_judged_by_its_groups_model_or_by_that_of_everybody()
    {
        await using var rig = await StartAsync(TestGroup.Shared);
        var (linked, other) = (new LinkedHost(TestGroup.Known, 7), new FeatureFeed(new SimulatedHost(1), "host-1"));
        for (var i = 0; i < WarmUp; i++)
            await rig.DeliverAsync(linked.Next(), other.Next());

        rig.Predictions.Where(batch => batch.Entity == "host-1").ShouldAllBe(batch => batch.Model == TestModel.Shared.Version);
        var own = rig.Predictions.Where(batch => batch.Entity == TestGroup.Known).ToList();
        own.Take(MaturityLevels.WarmSamples).ShouldAllBe(batch => batch.Model == TestModel.Shared.Version, "its windows are filling");
        var judged = own[MaturityLevels.WarmSamples..];
        judged.ShouldAllBe(batch => batch.Model == TestGroup.Shared.Version);
        judged.SelectMany(batch => batch.Ticks).ShouldAllBe(tick => tick.Score >= 0 && tick.Score < 1 && tick.P > 0 && tick.P <= 1);
        judged.Select(batch => batch.Ticks[0].Score).Distinct().Count().ShouldBeGreaterThan(WarmUp / 2);
        judged.Average(batch => batch.Ticks[0].Score).ShouldBeLessThan(0.5f, "ordinary ticks are ordinary");
    }

    [Fact]
    public async Task An_entity_whose_columns_have_changed_is_judged_by_the_model_that_knows_it()
    {
        await using var rig = await StartAsync(TestGroup.Shared);
        var host = new LinkedHost(TestGroup.Known, 7);
        await FeedAsync(rig, host, WarmUp);
        host.Columns = LinkedHost.SchemaOf([.. Enumerable.Range(1, LinkedHost.Metrics - 1).Select(LinkedHost.NameOf), "queue.new.rate"]);
        rig.Know(host.Columns);
        _dapr.ClearPublished();
        await FeedAsync(rig, host, 100);
        host.Apart.UnionWith([4, 5]);
        await FeedAsync(rig, host, 100);

        rig.Predictions.Count.ShouldBe(200);
        rig.Predictions.ShouldAllBe(batch => batch.Model == TestGroup.Shared.Version && batch.Schema == host.Columns.Hash);
        rig.Predictions.SelectMany(batch => batch.Ticks).ShouldAllBe(tick => float.IsFinite(tick.Score) && double.IsFinite(tick.P));
        rig.Predictions.Take(100).ShouldAllBe(batch => !batch.Ticks[0].Anomalous);
        rig.Detections.ShouldNotBeEmpty();
        foreach (var contributor in rig.Detections.SelectMany(detection => detection.Contributors))
        {
            contributor.Name.ShouldNotBe("queue.new.rate", "the model does not know it");
            foreach (var number in (double[])[contributor.Value, contributor.Expected, contributor.Low, contributor.High, contributor.Z])
                double.IsFinite(number).ShouldBeTrue();
        }
    }

    [Fact]
    public async Task One_delivery_may_hold_ticks_of_an_entity_from_before_and_after_its_columns_changed()
    {
        var lesser = LinkedHost.SchemaOf([.. Enumerable.Range(0, LinkedHost.Metrics - 1).Select(LinkedHost.NameOf)]);
        var ofLesser = new TestGroup(5, lesser, "other-1");
        await using var rig = await StartAsync(TestGroup.Shared, ofLesser);
        rig.Know(lesser);
        foreach (var entity in (string[])[TestGroup.Known, "unknown"])
        {
            var host = new LinkedHost(entity, 8);
            await FeedAsync(rig, host, WarmUp + MaturityLevels.WarmSamples);
            _dapr.ClearPublished();
            var before = host.Next(3);
            host.Columns = lesser;
            var after = host.Next(3);
            await rig.DeliverAsync(before, after);
            rig.Predictions.Sum(batch => batch.Ticks.Count).ShouldBe(6);
            rig.Predictions[0].Model.ShouldBe(TestGroup.Shared.Version);
            rig.Predictions[^1].Model.ShouldBe(entity == TestGroup.Known ? TestGroup.Shared.Version : TestModel.Shared.Version, "of the other group it has no scaling yet");
        }
    }

    [Fact]
    public async Task An_unknown_entity_is_judged_by_its_groups_model_once_it_has_rows_enough()
    {
        await using var rig = await StartAsync(TestGroup.Shared);
        var host = new LinkedHost("new-1", 9);
        await FeedAsync(rig, host, MaturityLevels.WarmSamples + BorrowedScaling.FewestRows + 50);

        var first = rig.Predictions.ToList().FindIndex(batch => batch.Model == TestGroup.Shared.Version);
        first.ShouldBe(MaturityLevels.WarmSamples + BorrowedScaling.FewestRows - 1);
        rig.Predictions.Skip(first).ShouldAllBe(batch => batch.Model == TestGroup.Shared.Version);
        rig.Predictions.Take(first).ShouldAllBe(batch => batch.Model == TestModel.Shared.Version);
    }

    [Fact]
    public async Task A_new_model_of_the_same_metrics_goes_on_with_what_an_entity_has_borrowed()
    {
        await using var rig = await StartAsync(TestGroup.Shared);
        var host = new LinkedHost("new-1", 9);
        await FeedAsync(rig, host, MaturityLevels.WarmSamples + BorrowedScaling.FewestRows);
        var next = new TestGroup(2);
        await rig.PublishGroupsAsync(next);
        await FeedAsync(rig, host, 1);
        rig.Predictions[^1].Model.ShouldBe(next.Version);
    }

    [Fact]
    public async Task A_tick_that_comes_twice_is_borrowed_from_once()
    {
        await using var rig = await StartAsync(TestGroup.Shared);
        var host = new LinkedHost("new-1", 9);
        await FeedAsync(rig, host, MaturityLevels.WarmSamples);
        for (var i = 0; i < BorrowedScaling.FewestRows - 1; i++)
        {
            var batch = host.Next();
            await rig.DeliverAsync(batch, batch with { Producer = "p2" });
        }
        rig.Predictions.ShouldAllBe(batch => batch.Model == TestModel.Shared.Version);
        await FeedAsync(rig, host, 1);
        rig.Predictions[^1].Model.ShouldBe(TestGroup.Shared.Version);
    }

    [Fact]
    public async Task Metrics_that_leave_each_other_are_found_by_the_groups_model_only_and_named()
    {
        var jointly = await BrokenAsync(TestGroup.Shared);
        var alone = await BrokenAsync();
        alone.ShouldBeEmpty("each metric stays within its own range");
        jointly.ShouldNotBeEmpty();
        jointly.ShouldAllBe(detection => detection.Kind == DetectionKind.Joint && detection.Model == TestGroup.Shared.Version && detection.Cause == EntityDetector.Cause);
        var both = jointly.Where(detection => detection.Contributors.Count > 1).ToList();
        both.ShouldNotBeEmpty();
        foreach (var detection in both)
            detection.Contributors.Take(2).Select(contributor => contributor.Name).Order(StringComparer.Ordinal).ShouldBe([LinkedHost.NameOf(2), LinkedHost.NameOf(6)]);
        jointly.ShouldContain(detection => detection.Summary.EndsWith($"; {LinkedHost.NameOf(6)} moved first"));
        jointly.ShouldAllBe(detection => detection.Features.Length == RowSpec.Count);
        foreach (var contributor in jointly.SelectMany(detection => detection.Contributors))
        {
            contributor.ZRank!.Value.ShouldBeInRange(1, LinkedHost.Metrics);
            contributor.EnergyRank!.Value.ShouldBeInRange(1, LinkedHost.Metrics);
            contributor.Importance!.Value.ShouldBeInRange(0, 1);
            (contributor.ImportanceRank is null).ShouldBe(contributor.Importance == 0);
        }
        jointly.ShouldAllBe(detection => detection.Contributors.Any(contributor => contributor.EnergyRank == 1));
    }

    [Fact]
    public async Task A_slow_entity_is_judged_on_its_own_ticks()
    {
        await using var rig = await StartAsync(TestGroup.Shared);
        var host = new LinkedHost(TestGroup.Known, 7, CadenceRules.Minutes.CadenceMs);
        await FeedAsync(rig, host, 200);
        rig.Predictions.Skip(MaturityLevels.WarmSamples).ShouldAllBe(batch => batch.Model == TestGroup.Shared.Version && batch.CadenceMs == 60_000);
    }

    [Fact]
    public async Task The_minutes_of_a_fast_entity_are_not_given_to_its_groups_model()
    {
        await using var rig = await StartAsync(TestGroup.Shared);
        var host = new LinkedHost(TestGroup.Known, 7);
        await FeedAsync(rig, host, 240);
        await rig.DeliverAsync(host.Minute());
        // The same delivery brings the ticks and what summarises them, in either order.
        var ticks = host.Next(70);
        await rig.DeliverAsync(ticks, host.Minute());
        ticks = host.Next(70);
        await rig.DeliverAsync(host.Minute(), ticks);

        var minutes = rig.Predictions.Where(batch => batch.CadenceMs == 60_000).ToList();
        minutes.Count.ShouldBe(3);
        minutes.ShouldAllBe(batch => batch.Model == TestModel.Shared.Version);
        rig.Predictions.Where(batch => batch.CadenceMs == 1000).Skip(MaturityLevels.WarmSamples).ShouldAllBe(batch => batch.Model == TestGroup.Shared.Version);
    }

    [Fact]
    public async Task Verdicts_of_two_models_in_one_delivery_keep_the_order_of_their_ticks()
    {
        await using var rig = await StartAsync(TestGroup.Shared);
        var host = new LinkedHost(TestGroup.Known, 7);
        await FeedAsync(rig, host, WarmUp);
        _dapr.ClearPublished();
        var (first, second, third) = (host.Next(2), host.Next(2) with { Maturity = EntityMaturity.Warming }, host.Next(2));
        await rig.DeliverAsync(first, second, third);
        rig.Predictions.Select(batch => batch.Model).ShouldBe([TestGroup.Shared.Version, TestModel.Shared.Version, TestGroup.Shared.Version]);
        var ts = rig.Predictions.SelectMany(batch => batch.Ticks).Select(tick => tick.T).ToList();
        ts.ShouldBe(ts.Order());
        ts.Count.ShouldBe(6);
    }

    async Task<IReadOnlyList<Detection>> BrokenAsync(params TestGroup[] groups)
    {
        var dapr = new FakeDapr();
        await using var rig = new PredictorRig(dapr, _time);
        await rig.PublishAsync(TestModel.Shared);
        await rig.PublishGroupsAsync(groups);
        var host = new LinkedHost(TestGroup.Known, 7);
        await FeedAsync(rig, host, 1500);
        rig.Detections.ShouldBeEmpty();
        host.Apart.Add(6);
        await FeedAsync(rig, host, 20);
        host.Apart.Add(2);
        await FeedAsync(rig, host, 100);
        return rig.Detections;
    }

    async Task<PredictorRig> StartAsync(params TestGroup[] groups)
    {
        var rig = new PredictorRig(_dapr, _time);
        await rig.PublishAsync(TestModel.Shared);
        await rig.PublishGroupsAsync(groups);
        return rig;
    }

    static async Task FeedAsync(PredictorRig rig, LinkedHost host, int count)
    {
        for (var i = 0; i < count; i++)
            await rig.DeliverAsync(host.Next());
    }
}
