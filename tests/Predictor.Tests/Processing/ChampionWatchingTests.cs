using Forewarn.Analytics;
using Forewarn.Contracts;
using Forewarn.Models;
using Forewarn.Testing;
using Grpc.Core;
using Microsoft.Extensions.Time.Testing;

namespace Forewarn.Predictor.Tests;

/// <summary>What the predictor tells of the champion: every tick once, by the hour.</summary>
public sealed class ChampionWatchingTests
{
    static readonly Lazy<TestModel> Other = new(() => new TestModel(seed: 3));

    readonly FakeDapr _dapr = new();
    readonly FakeTimeProvider _time = new(PredictorRig.Start);

    [Fact]
    public async Task Warm_ticks_outside_of_decisions_are_counted_where_they_belong()
    {
        await using var rig = await StartAsync();
        var (host, rows) = (new SimulatedHost(1), new List<float[]>());
        var feed = new FeatureFeed(host);
        for (var second = 0; second < 400; second++)
        {
            var batch = feed.Next();
            await rig.DeliverAsync(batch);
            if (batch.Maturity == EntityMaturity.Warm)
                rows.Add(RowOf(batch));
        }
        var report = (await rig.ChampionReportsAsync()).ShouldHaveSingleItem();

        (report.Model, report.ChampionAt, report.Hour).ShouldBe((TestModel.Shared.Version, 0, PredictorRig.T0));
        report.WatchedMs.ShouldBe(1000 * (400 - MaturityLevels.WarmingSamples));
        report.Opened.ShouldBeEmpty();
        report.Ticks.ShouldBe(rows.Count);
        report.Scores.Sum().ShouldBe(rows.Count);
        for (var column = 0; column < RowSpec.Count; column++)
        {
            var reference = TestModel.Shared.Manifest.Reference[column];
            report.Features[column].ShouldBe([.. Enumerable.Range(0, reference.Shares.Length).Select(bin => (long)rows.Count(row => reference.BinOf(row[column]) == bin))]);
        }

        host.Runaway = 0.9;
        for (var second = 0; second < 60; second++)
            await rig.DeliverAsync(feed.Next());
        var strange = (await rig.ChampionReportsAsync()).ShouldHaveSingleItem();
        strange.WatchedMs.ShouldBe(report.WatchedMs + 60_000);
        strange.Opened.ShouldBe(["web-1"]);
        strange.Ticks.ShouldBeInRange(report.Ticks + 1, report.Ticks + 20, "once a decision is open, ticks are no ordinary behaviour");
    }

    [Fact]
    public async Task Repeated_deliveries_count_once_and_lost_reports_are_in_the_next()
    {
        await using var rig = await StartAsync();
        var feed = new FeatureFeed(new SimulatedHost(2));
        await FeedAsync(rig, feed, 100);
        var batch = feed.Next();
        _dapr.RefusePublish = topic => topic is Topics.Predictions or Topics.Control;
        await Should.ThrowAsync<RpcException>(() => rig.DeliverAsync(batch));
        (await rig.ChampionReportsAsync()).ShouldBeEmpty();
        _dapr.RefusePublish = _ => false;
        await rig.DeliverAsync(batch);

        (await rig.ChampionReportsAsync()).ShouldHaveSingleItem().WatchedMs.ShouldBe(1000 * (101 - MaturityLevels.WarmingSamples));
    }

    [Fact]
    public async Task Every_hour_and_every_champion_has_its_own_count_and_a_finished_one_is_told_until_it_is_out()
    {
        await using var rig = await StartAsync();
        var feed = new FeatureFeed(new SimulatedHost(3));
        await FeedAsync(rig, feed, 30);
        _time.Advance(TimeSpan.FromHours(1));
        await FeedAsync(rig, feed, 5);
        await rig.PublishAsync(Other.Value);
        await FeedAsync(rig, feed, 7);
        _dapr.RefusePublish = topic => topic == Topics.Control;
        (await rig.ChampionReportsAsync()).ShouldBeEmpty();
        _dapr.RefusePublish = _ => false;

        var hour = PredictorRig.T0 + 3_600_000;
        (await rig.ChampionReportsAsync()).Select(report => (report.Model, report.Hour, report.WatchedMs)).ShouldBe(
        [
            (TestModel.Shared.Version, PredictorRig.T0, 1000 * (30 - MaturityLevels.WarmingSamples)),
            (TestModel.Shared.Version, hour, 5000),
            (Other.Value.Version, hour, 7000),
        ]);
        (await rig.ChampionReportsAsync()).ShouldHaveSingleItem().Model.ShouldBe(Other.Value.Version);
    }

    [Fact]
    public async Task A_model_without_a_reference_has_its_scores_counted()
    {
        await using var rig = new PredictorRig(_dapr, _time);
        await rig.PublishAsync(TestModel.Shared);
        _dapr.Files[$"{Other.Value.Version}.json"] = (Other.Value.Manifest with { Reference = [] }).ToJson();
        _dapr.Files[Other.Value.Manifest.Parts[0]] = Other.Value.Onnx;
        _dapr.Invoke = (_, path) => path.StartsWith("v1/models/champion", StringComparison.Ordinal)
            ? System.Text.Json.JsonSerializer.Serialize(Other.Value.Info with { ChampionAt = 5 }, ContractJson.Default.ModelInfo) : null;
        await rig.Models.RefreshAsync(TestContext.Current.CancellationToken);
        await FeedAsync(rig, new FeatureFeed(new SimulatedHost(4)), 300);

        var report = (await rig.ChampionReportsAsync()).ShouldHaveSingleItem();
        (report.Features.Count, report.ChampionAt).ShouldBe((0, 5));
        report.Scores.Sum().ShouldBe(report.Ticks);
        report.Ticks.ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task A_host_that_goes_on_as_it_was_learned_stays_below_the_bound_hour_after_hour()
    {
        const int Hour = 3600;
        // What the trainer calls drift by default, over twelve hours: one of a single host is noisier.
        const double Bound = 0.2;
        var feed = new FeatureFeed(new SimulatedHost(6));
        var learned = Enumerable.Range(0, 2 * Hour).Select(_ => feed.Next()).Where((batch, i) => batch.Maturity == EntityMaturity.Warm && i % 4 == 0).SelectMany(RowOf).ToArray();
        await using var rig = await StartAsync(TestModel.Shared.Manifest with { Reference = ReferenceHistogram.FromRows(learned, RowSpec.Count) });
        for (var hour = 0; hour < 2; hour++)
        {
            for (var i = 0; i < Hour / 60; i++)
                await rig.DeliverAsync(feed.Next(ticks: 60));
            var report = (await rig.ChampionReportsAsync())[^1];
            report.Ticks.ShouldBeGreaterThan(Hour * 9 / 10);
            var reference = rig.Models.Current!.Manifest.Reference;
            for (var column = 0; column < RowSpec.Count; column++)
                PopulationStability.Index(reference[column].Shares, report.Features[column]).ShouldNotBeNull().ShouldBeLessThan(Bound, RowSpec.Names[column]);
            _time.Advance(TimeSpan.FromHours(1));
        }
    }

    async Task<PredictorRig> StartAsync(ModelManifest manifest)
    {
        _dapr.Files[$"{manifest.Version}.json"] = manifest.ToJson();
        _dapr.Files[manifest.Parts[0]] = TestModel.Shared.Onnx;
        _dapr.Invoke = (_, path) => path.StartsWith("v1/models/champion", StringComparison.Ordinal)
            ? System.Text.Json.JsonSerializer.Serialize(manifest.ToInfo(ModelState.Champion), ContractJson.Default.ModelInfo) : null;
        var rig = new PredictorRig(_dapr, _time);
        await rig.Models.RefreshAsync(TestContext.Current.CancellationToken);
        return rig;
    }

    async Task<PredictorRig> StartAsync()
    {
        var rig = new PredictorRig(_dapr, _time);
        await rig.PublishAsync(TestModel.Shared);
        return rig;
    }

    static async Task FeedAsync(PredictorRig rig, FeatureFeed feed, int count)
    {
        for (var i = 0; i < count; i++)
            await rig.DeliverAsync(feed.Next());
    }

    static float[] RowOf(FeatureBatch batch)
    {
        var row = new float[RowSpec.Count];
        EntityDetector.Prepare(batch.Ticks[0], SimulatedHost.Schema.Columns.Count, row);
        return row;
    }
}
