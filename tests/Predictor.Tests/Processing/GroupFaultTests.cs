using Forewarn.Analytics;
using Forewarn.Contracts;
using Forewarn.Models;
using Forewarn.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Forewarn.Predictor.Tests;

/// <summary>A group's model that fails while it runs leaves its entities to the model of everybody, and nobody alone.</summary>
public sealed class GroupFaultTests
{
    [Fact]
    public async Task Ticks_that_a_group_model_fails_on_are_decided_by_the_model_of_everybody_until_another_one_comes()
    {
        await using var rig = new PredictorRig(new FakeDapr(), new FakeTimeProvider(PredictorRig.Start));
        await rig.PublishAsync(TestModel.Shared);
        var (broken, sound) = (new TestGroup(1, entities: ["web-1"]), new TestGroup(2, entities: ["web-1"]));
        await rig.PublishGroupsAsync(broken);
        var host = new LinkedHost("web-1", 7) { Maturity = EntityMaturity.Warm };
        for (var i = 0; i < JointTraining.Settling; i++)
            host.Tick();
        await rig.DeliverAsync(host.Next(ticks: 3));
        rig.Predictions[^1].Model.ShouldBe(broken.Version);

        // Any fault of the session does: this one is the nearest to a runtime that has lost its memory.
        InUse(rig).Scorer.Dispose();
        for (var i = 0; i < 3; i++)
            await rig.DeliverAsync(host.Next(ticks: 3));
        rig.Predictions.TakeLast(3).ShouldAllBe(batch => batch.Model == TestModel.Shared.Version && batch.Ticks.Count == 3);

        await rig.PublishGroupsAsync(sound);
        await rig.DeliverAsync(host.Next(ticks: 3));
        rig.Predictions[^1].Model.ShouldBe(sound.Version);
        rig.Predictions.SelectMany(batch => batch.Ticks).Select(tick => tick.T).ShouldBeUnique();
        rig.Predictions.Sum(batch => batch.Ticks.Count).ShouldBe(15);
    }

    static LoadedModel InUse(PredictorRig rig)
    {
        var serving = rig.Get<GroupModels>().Hold();
        serving.Leave();
        return serving.Models.ShouldHaveSingleItem();
    }
}
