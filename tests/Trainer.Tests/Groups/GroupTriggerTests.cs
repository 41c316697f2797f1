using Forewarn.Contracts;
using Forewarn.Hosting;
using Forewarn.Testing;
using static Forewarn.Trainer.Tests.TrainerCalls;

namespace Forewarn.Trainer.Tests.Groups;

/// <summary>Groups get their models without anybody asking.</summary>
public sealed class GroupTriggerTests
{
    const int Minutes20 = 1200;

    static readonly SeriesSchema Web = FakeFleet.Columns(5);

    [Fact]
    public async Task A_training_starts_when_a_group_has_the_history_for_a_first_model_and_again_when_it_has_twice_as_much()
    {
        await using var platform = await SidecarRig.StartAsync();
        var fleet = new FakeFleet(new FakeHost("a", Web, Minutes20 / 2));
        await fleet.StartAsync(platform);
        var trainer = await TrainerAsync(platform);
        await TrainAsync(trainer);
        (await CheckAsync(trainer)).ShouldBeNull("ten minutes are too few");

        fleet.Hosts = [new FakeHost("a", Web, Minutes20 + 600)];
        var first = await EndedAsync(trainer, (await CheckAsync(trainer)).ShouldNotBeNull());
        (first.Trigger, first.Status).ShouldBe((JobTrigger.Group, JobStatus.Succeeded), first.Message);
        first.Message.ShouldContain("1 with a new champion");
        (await CheckAsync(trainer)).ShouldBeNull("it has a model of all there is");

        fleet.Hosts = [new FakeHost("a", Web, Minutes20 + 1500)];
        (await CheckAsync(trainer)).ShouldBeNull("not twice as much yet");
        fleet.Hosts = [new FakeHost("a", Web, (2 * Minutes20) + 1500)];
        var second = await EndedAsync(trainer, (await CheckAsync(trainer)).ShouldNotBeNull());
        second.Message.ShouldContain("newer history");
        (await CheckAsync(trainer)).ShouldBeNull();
    }

    [Fact]
    public async Task A_group_that_a_training_cannot_help_is_not_asked_for_again_until_it_has_twice_as_much()
    {
        await using var platform = await SidecarRig.StartAsync();
        var fleet = new FakeFleet(new FakeHost("a", Web, 2 * Minutes20));
        fleet.Incidents.Add(FakeHistory.Incident(fleet.At(0), fleet.At(10 * Minutes20)) with { Entity = "a" });
        await fleet.StartAsync(platform);
        var trainer = await TrainerAsync(platform);
        await TrainAsync(trainer);

        var job = await EndedAsync(trainer, (await CheckAsync(trainer)).ShouldNotBeNull());
        job.Message.ShouldContain("1 with too little history");
        (await CheckAsync(trainer)).ShouldBeNull();
        fleet.Hosts = [new FakeHost("a", Web, 4 * Minutes20)];
        (await CheckAsync(trainer)).ShouldNotBeNull();
    }

    [Fact]
    public async Task Nothing_starts_where_groups_get_no_models()
    {
        await using var platform = await SidecarRig.StartAsync();
        await new FakeFleet(new FakeHost("a", Web, 2 * Minutes20)).StartAsync(platform);
        var trainer = await TrainerAsync(platform, "Groups=0");
        await TrainAsync(trainer);
        (await CheckAsync(trainer)).ShouldBeNull();
    }

    static async Task<SidecarApp> TrainerAsync(SidecarRig platform, params string[] options)
    {
        var trainer = await platform.AddTrainerAsync([.. options, "MinHistoryRows=1000", "GroupMinMinutes=20"]);
        await ChampionAsync(trainer);
        return trainer;
    }

    static Task<JobEvent?> CheckAsync(SidecarApp trainer) => trainer.Service<GroupTrigger>().CheckAsync(TestContext.Current.CancellationToken);
}
