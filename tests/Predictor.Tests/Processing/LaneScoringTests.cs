using Forewarn.Analytics;
using Forewarn.Contracts;
using Forewarn.Models;
using Forewarn.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Forewarn.Predictor.Tests;

/// <summary>Entities of few metrics, through the whole predictor.</summary>
public sealed class LaneScoringTests
{
    static readonly SeriesSchema Few = LinkedHost.SchemaOf([LinkedHost.NameOf(0), LinkedHost.NameOf(1)]);

    readonly FakeDapr _dapr = new();
    readonly FakeTimeProvider _time = new(PredictorRig.Start);

    [Fact]
    public async Task What_lanes_find_names_no_model_and_its_predictions_that_of_everybody()
    {
        await using var rig = await StartAsync();
        var host = new LinkedHost("probe-1", 3, CadenceRules.Minutes.CadenceMs) { Columns = Few };
        await FeedAsync(rig, host, 600);
        rig.Detections.ShouldBeEmpty();
        host.Offset = 60;
        await FeedAsync(rig, host, 5);

        rig.Predictions.ShouldAllBe(batch => batch.Model == TestModel.Shared.Version);
        rig.Predictions.SelectMany(batch => batch.Ticks).ShouldAllBe(tick => tick.Score >= 0 && tick.Score <= 1 && tick.P > 0 && tick.P <= 1);
        rig.Detections.ShouldNotBeEmpty();
        rig.Detections.ShouldAllBe(detection => detection.Model == null && detection.Cause == EntityDetector.Cause && detection.Kind != DetectionKind.Joint);
        rig.Detections[0].Contributors.ShouldHaveSingleItem().Z.ShouldBeGreaterThan(3);
    }

    [Fact]
    public async Task Where_a_groups_model_judges_the_ticks_their_minutes_have_no_lanes()
    {
        var group = new TestGroup(4, Few);
        await using var rig = await StartAsync(group);
        var host = new LinkedHost(TestGroup.Known, 3) { Columns = Few };
        await FeedAsync(rig, host, 200);
        await rig.DeliverAsync(host.Minute());
        rig.Predictions[^2].Model.ShouldBe(group.Version);
        rig.Predictions[^1].Ticks[0].Score.ShouldBeGreaterThan(0, "of the model of everybody");

        await rig.OfferGroupsAsync();
        await FeedAsync(rig, host, 60);
        await rig.DeliverAsync(host.Minute());
        rig.Predictions[^1].Ticks[0].Score.ShouldBe(0, "its group's model is gone, and a lane of one minute finds nothing strange");
    }

    async Task<PredictorRig> StartAsync(params TestGroup[] groups)
    {
        var rig = new PredictorRig(_dapr, _time);
        rig.Know(Few);
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
