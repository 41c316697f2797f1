using System.Text.Json;
using Forewarn.Contracts;
using Forewarn.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Forewarn.Predictor.Tests;

public sealed class EntityBudgetsTests
{
    readonly FakeDapr _dapr = new();
    readonly FakeTimeProvider _time = new(PredictorRig.Start);

    [Fact]
    public void The_first_share_that_fits_holds()
    {
        var budgets = new EntityBudgets(Shares(1, new BudgetShare(["db-1", "db-2"], 0.5), new BudgetShare(["db-1", "web-1"], 0.1), new BudgetShare([], 0.02), new BudgetShare(["web-9"], 7)));
        budgets.Of("db-1").ShouldBe(0.5);
        budgets.Of("web-1").ShouldBe(0.1);
        budgets.Of("web-2").ShouldBe(0.02);
        budgets.Of("web-9").ShouldBe(0.02, "all others come first");
        new EntityBudgets(Shares(1, new BudgetShare(["a"], 1))).Of("b").ShouldBeNull();
        EntityBudgets.None.Of("a").ShouldBeNull();
    }

    [Fact]
    public async Task What_is_shared_out_reaches_the_entity_with_its_next_tick_and_no_other()
    {
        await using var rig = new PredictorRig(_dapr, _time);
        await rig.PublishAsync(TestModel.Shared);
        FeatureFeed mine = new(new SimulatedHost(1), "db-1"), other = new(new SimulatedHost(2), "web-1");
        await rig.DeliverAsync(mine.Next(), other.Next());
        BudgetOf(rig, "db-1").ShouldBe(2);
        rig.Get<BudgetHolder>().Take(Shares(5, new BudgetShare(["db-1"], 0.25)));
        await rig.DeliverAsync(mine.Next(), other.Next());
        BudgetOf(rig, "db-1").ShouldBe(0.25);
        BudgetOf(rig, "web-1").ShouldBe(2, "the option, for who is in no budget");
    }

    [Fact]
    public async Task Of_two_the_later_holds_and_an_outage_changes_nothing()
    {
        await using var rig = new PredictorRig(_dapr, _time);
        var holder = rig.Get<BudgetHolder>();
        holder.Take(Shares(10, new BudgetShare([], 0.5)));
        holder.Take(Shares(9, new BudgetShare([], 7)));
        holder.Of("a").ShouldBe(0.5);
        Answer(JsonSerializer.Serialize(Shares(8, new BudgetShare([], 7)), ContractJson.Default.BudgetShares));
        await holder.RefreshAsync(TestContext.Current.CancellationToken);
        holder.Of("a").ShouldBe(0.5, "an answer that was overtaken");
        Answer(JsonSerializer.Serialize(Shares(11, new BudgetShare([], 0.125)), ContractJson.Default.BudgetShares));
        await holder.RefreshAsync(TestContext.Current.CancellationToken);
        holder.Of("a").ShouldBe(0.125, "the broadcast was lost");
        Answer("no JSON");
        await holder.RefreshAsync(TestContext.Current.CancellationToken);
        holder.Of("a").ShouldBe(0.125);
        Answer(null);
        await holder.RefreshAsync(TestContext.Current.CancellationToken);
        holder.Of("a").ShouldBe(2, "nobody shares out anything any more");
    }

    [Fact]
    public async Task An_entity_is_restored_with_its_budget_before_it_decides()
    {
        await using (var before = new PredictorRig(_dapr, _time))
        {
            await before.PublishAsync(TestModel.Shared);
            var feed = new FeatureFeed(new SimulatedHost(1));
            for (var i = 0; i < 30; i++)
                await before.DeliverAsync(feed.Next());
            await before.Checkpoints.StopAsync(TestContext.Current.CancellationToken);
        }
        await using var rig = new PredictorRig(_dapr, _time);
        await rig.PublishAsync(TestModel.Shared);
        rig.Get<BudgetHolder>().Take(Shares(5, new BudgetShare(["web-1"], 0.25)));
        var host = new SimulatedHost(1);
        var later = new FeatureFeed(host, producer: "p2");
        for (var i = 0; i < 31; i++)
            host.Next(PredictorRig.T0);
        await rig.DeliverAsync(later.Next());
        BudgetOf(rig, "web-1").ShouldBe(0.25);
    }

    [Fact]
    public async Task The_trainer_is_told_the_mean_of_what_entities_may_cause()
    {
        await using var rig = new PredictorRig(_dapr, _time);
        await rig.PublishAsync(TestModel.Shared);
        rig.Get<BudgetHolder>().Take(Shares(5, new BudgetShare(["db-1"], 0.5)));
        FeatureFeed mine = new(new SimulatedHost(1), "db-1"), other = new(new SimulatedHost(2), "web-1");
        for (var i = 0; i < 40; i++)
            await rig.DeliverAsync(mine.Next(), other.Next());
        (await rig.ChampionReportsAsync()).ShouldHaveSingleItem().FalseAlarmsPerWeek.ShouldBe(1.25);
    }

    void Answer(string? json) => _dapr.Invoke = (app, path) => app == Apps.Alerting && path == "v1/budgets/shares" ? json : null;

    static double BudgetOf(PredictorRig rig, string entity) => rig.Registry.Slots.Single(slot => slot.Entity == entity).State!.Detector.Options.FalseAlarmsPerWeek;

    static BudgetShares Shares(long at, params BudgetShare[] shares) => new() { Shares = shares, At = at };
}
