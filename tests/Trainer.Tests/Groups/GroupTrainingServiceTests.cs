using System.Net;
using System.Net.Http.Json;
using Forewarn.Analytics;
using Forewarn.Contracts;
using Forewarn.Hosting;
using Forewarn.Models;
using Forewarn.Testing;
using static Forewarn.Trainer.Tests.TrainerCalls;

namespace Forewarn.Trainer.Tests.Groups;

/// <summary>The whole service: a training makes the model for everybody, and then those of the groups.</summary>
public sealed class GroupTrainingServiceTests
{
    const int Ticks = 1500;

    static readonly SeriesSchema Web = FakeFleet.Columns(5);
    static readonly SeriesSchema Database = FakeFleet.Columns(3, "db");

    [Fact]
    public async Task Two_entities_of_the_same_columns_get_one_model_beside_the_one_for_everybody_and_the_same_rows_the_same_one()
    {
        await using var platform = await SidecarRig.StartAsync();
        var fleet = new FakeFleet(new FakeHost("a", Web, Ticks), new FakeHost("bb", Web, Ticks), new FakeHost("ccc", FakeFleet.Columns(1), Ticks));
        await fleet.StartAsync(platform);
        var trainer = await StartAsync(platform);
        var job = await TrainAsync(trainer);

        job.Status.ShouldBe(JobStatus.Succeeded, job.Message);
        job.Message.ShouldContain("is champion");
        job.Message.ShouldContain("Joint models of 1 group(s): 1 with a new champion.");
        var champions = await ChampionsAsync(trainer);
        champions.Select(model => model.Group).ShouldBe(new[] { "any", Web.Hash }, ignoreOrder: true);
        var joint = champions.Single(model => model.Group == Web.Hash);
        (joint.Kind, joint.RowSpec, joint.Entities, joint.TrainedOn).ShouldBe(("joint", JointRow.Version, 2, "history"));
        joint.TrainedTo!.Value.ShouldBeInRange(fleet.At(0), fleet.At(Ticks));
        using (var model = await trainer.Service<ModelStore>().FetchAsync(joint, TestContext.Current.CancellationToken))
        {
            var group = model.Joint.ShouldNotBeNull();
            group.Columns.ShouldBe(Web.Columns.Select(column => column.Id));
            group.ScalingOf("a").ShouldNotBeNull();
            group.ScalingOf("bb").ShouldNotBeNull();
            group.ScalingOf("ccc").ShouldBeNull();
        }

        var again = await TrainAsync(trainer);
        again.Message.ShouldContain($"The same rows give the same model: {joint.Version} stays champion.");
        (await ChampionsAsync(trainer)).Single(model => model.Group == Web.Hash).ShouldBe(joint);
    }

    [Fact]
    public async Task A_group_whose_history_is_too_short_waits_and_the_job_says_for_what()
    {
        await using var platform = await SidecarRig.StartAsync();
        await new FakeFleet(new FakeHost("a", Web, Ticks)).StartAsync(platform);
        var trainer = await platform.AddTrainerAsync("MinHistoryRows=1000");
        await ChampionAsync(trainer);
        var job = await TrainAsync(trainer);

        job.Status.ShouldBe(JobStatus.Succeeded, job.Message);
        job.Message.ShouldContain($"1 with too little history. {Web.Hash[..8]}: 25 of 60 minutes of ordinary history.");
        (await ChampionsAsync(trainer)).ShouldHaveSingleItem().Group.ShouldBe("any");
    }

    [Fact]
    public async Task Incidents_and_exclusions_make_history_shorter()
    {
        await using var platform = await SidecarRig.StartAsync();
        var fleet = new FakeFleet(new FakeHost("a", Web, Ticks));
        fleet.Incidents.Add(FakeHistory.Incident(fleet.At(0), fleet.At(Ticks)) with { Entity = "a" });
        await fleet.StartAsync(platform);
        var trainer = await StartAsync(platform);
        var job = await TrainAsync(trainer);

        job.Message.ShouldContain("0 of 20 minutes of ordinary history on entities that gave 250 rows in the newest 24 hours");
        (await ChampionsAsync(trainer)).ShouldHaveSingleItem().Group.ShouldBe("any");
    }

    [Fact]
    public async Task A_group_that_fails_keeps_neither_the_job_nor_the_other_groups_from_success()
    {
        await using var platform = await SidecarRig.StartAsync();
        var fleet = new FakeFleet(new FakeHost("a", Web, Ticks), new FakeHost("bb", Web, Ticks), new FakeHost("db", Database, Ticks)) { BreaksForGroups = "bb" };
        await fleet.StartAsync(platform);
        var trainer = await StartAsync(platform);
        var job = await TrainAsync(trainer);

        job.Status.ShouldBe(JobStatus.Succeeded, job.Message);
        job.Message.ShouldContain("Joint models of 2 group(s): 1 with a new champion, 1 failed.");
        job.Message.ShouldContain($"{Web.Hash[..8]}: A service answers 500");
        (await ChampionsAsync(trainer)).Select(model => model.Group).ShouldBe(new[] { "any", Database.Hash }, ignoreOrder: true);
    }

    [Fact]
    public async Task A_history_that_goes_away_before_the_groups_costs_the_groups_only_and_the_job_says_so()
    {
        await using var platform = await SidecarRig.StartAsync();
        var fleet = new FakeFleet(new FakeHost("a", Web, Ticks)) { ListsLeft = 1 };
        await fleet.StartAsync(platform);
        var trainer = await StartAsync(platform);
        var job = await TrainAsync(trainer);

        job.Status.ShouldBe(JobStatus.Succeeded, job.Message);
        job.Message.ShouldContain("No group was trained: A service answers 503");
        (await ChampionsAsync(trainer)).ShouldHaveSingleItem().Version.ShouldBe(job.Model);
    }

    [Fact]
    public async Task Newer_history_gives_a_new_champion_that_people_can_roll_back_and_then_keep()
    {
        await using var platform = await SidecarRig.StartAsync();
        var fleet = new FakeFleet(new FakeHost("a", Web, Ticks));
        await fleet.StartAsync(platform);
        var trainer = await StartAsync(platform);
        await TrainAsync(trainer);
        var first = await OwnChampionAsync(trainer);

        fleet.Hosts = [new FakeHost("a", Web, 2 * Ticks)];
        await TrainAsync(trainer);
        var second = await OwnChampionAsync(trainer);
        (second.Replaced, second.Parent).ShouldBe((first.Version, first.Version));
        second.Reason!.ShouldContain("newer history");

        using (var answer = await trainer.Http.PostAsync($"/v1/models/rollback?group={Web.Hash}", content: null, TestContext.Current.CancellationToken))
            answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await OwnChampionAsync(trainer)).Version.ShouldBe(first.Version);
        fleet.Hosts = [new FakeHost("a", Web, 3 * Ticks)];
        var job = await TrainAsync(trainer);
        job.Message.ShouldContain("was made champion by hand and stays");
        (await OwnChampionAsync(trainer)).Version.ShouldBe(first.Version);

        using (var answer = await trainer.Http.PostAsync($"/v1/models/{second.Version}/promote", content: null, TestContext.Current.CancellationToken))
            answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await OwnChampionAsync(trainer)).Version.ShouldBe(second.Version);
    }

    [Fact]
    public async Task Entities_beyond_those_learned_from_get_a_scale_and_a_group_that_is_gone_loses_its_champion()
    {
        await using var platform = await SidecarRig.StartAsync();
        var fleet = new FakeFleet(new FakeHost("a", Web, Ticks), new FakeHost("bb", Web, Ticks), new FakeHost("ccc", Web, Ticks));
        await fleet.StartAsync(platform);
        var trainer = await StartAsync(platform, "GroupEntities=1");
        await trainer.Service<RegistryStore>().ChangeAsync(
            document => document.Enter(
                Samples.Model("gone", group: "gone") with { Kind = "joint", RowSpec = JointRow.Version, TrainedTo = 1000 }, new JointCheck(TimeSpan.FromHours(1), 0, 1), now: 1000),
            TestContext.Current.CancellationToken);
        await TrainAsync(trainer);

        var champions = await ChampionsAsync(trainer);
        champions.Select(model => model.Group).ShouldBe(new[] { "any", Web.Hash }, ignoreOrder: true);
        (await ModelsAsync(trainer)).Single(model => model.Version == "gone").Reason!.ShouldContain("no entities");
        var joint = champions.Single(model => model.Group == Web.Hash);
        joint.Entities.ShouldBe(1);
        using var model = await trainer.Service<ModelStore>().FetchAsync(joint, TestContext.Current.CancellationToken);
        foreach (var entity in new[] { "a", "bb", "ccc" })
            model.Joint!.ScalingOf(entity).ShouldNotBeNull(entity);
    }

    [Fact]
    public async Task The_newest_tenth_is_read_apart_tick_by_tick_and_of_a_long_past_every_nth_tick_of_stretches()
    {
        await using var platform = await SidecarRig.StartAsync();
        var fleet = new FakeFleet(new FakeHost("a", Web, 5000));
        await fleet.StartAsync(platform);
        var trainer = await platform.AddTrainerAsync("GroupMaxRows=1000");
        var info = (await trainer.Service<HistoryReader>().EntitiesAsync(TestContext.Current.CancellationToken)).ShouldHaveSingleItem();
        var abnormal = new AbnormalTimes(Enumerable.Empty<IncidentEvent>().ToLookup(incident => incident.Entity), [], [], fleet.At(5000));

        var sample = await trainer.Service<GroupRows>().ReadAsync(
            new EntityGroup(Web, [info]), (0, fleet.At(5000)), abnormal, _ => Task.CompletedTask, TestContext.Current.CancellationToken);

        var entity = sample.Entities.ShouldHaveSingleItem();
        (sample.Stride, entity.CadenceMs).ShouldBe((4, 1000));
        var gaps = entity.Past.Times.Zip(entity.Past.Times.Skip(1), (one, next) => next - one).ToArray();
        gaps.Count(gap => gap != 4000).ShouldBeLessThanOrEqualTo(2, "three stretches of 1,200 ticks");
        entity.Past.Count.ShouldBeInRange(800, 1000);
        entity.Past.Times[^1].ShouldBeLessThan(fleet.At(4500));
        entity.Newest.Times.ShouldBe(Enumerable.Range(5000 - 111, 111).Select(fleet.At));
    }

    [Fact]
    public async Task Entities_are_grouped_by_the_columns_that_they_have_at_present()
    {
        await using var platform = await SidecarRig.StartAsync();
        var trainer = await platform.AddTrainerAsync();
        var (other, one) = (FakeFleet.Columns(2, "other"), FakeFleet.Columns(1, "one"));
        foreach (var schema in new[] { Web, other, one, FakeFleet.Columns(129, "many") })
            await trainer.Service<SchemaRegistry>().PublishAsync(schema, TestContext.Current.CancellationToken);

        var groups = await trainer.Service<EntityGroups>().OfAsync(
        [
            Info("both 2", (other, 1_000_000), (Web, 990_000)), Info("both 1", (Web, 1_000_000), (other, 999_000)), Info("web", (Web, 1_000_000), (other, 600_000)),
            Info("single", (one, 1_000_000)), Info("many", (FakeFleet.Columns(129, "many"), 1_000_000)), Info("unknown", (FakeFleet.Columns(2, "nobody wrote"), 1_000_000)),
            new EntityInfo { Entity = "untold", Series = 3, FirstSeen = 0, LastSeen = 1_000_000 },
        ], TestContext.Current.CancellationToken);

        groups.Select(group => (group.Hash, string.Join(", ", group.Entities.Select(entity => entity.Entity)))).ShouldBe(
            [(SeriesSchema.Join([Web, other]).Hash, "both 1, both 2"), (Web.Hash, "web")]);

        static EntityInfo Info(string entity, params (SeriesSchema Schema, long LastSeen)[] schemas) => new()
        {
            Entity = entity,
            Series = 1,
            FirstSeen = 0,
            LastSeen = schemas.Max(schema => schema.LastSeen),
            Schemas = [.. schemas.Select(schema => new SchemaInfo(schema.Schema.Hash, schema.LastSeen))],
        };
    }

    static async Task<SidecarApp> StartAsync(SidecarRig platform, params string[] options)
    {
        var trainer = await platform.AddTrainerAsync([.. options, "MinHistoryRows=1000", "GroupMinMinutes=20"]);
        await ChampionAsync(trainer);
        return trainer;
    }

    static async Task<IReadOnlyList<ModelInfo>> ChampionsAsync(SidecarApp trainer) =>
        (await trainer.Http.GetFromJsonAsync("/v1/models/champions", ContractJson.Default.PageModelInfo, TestContext.Current.CancellationToken))!.Items;

    static async Task<ModelInfo> OwnChampionAsync(SidecarApp trainer) => (await ChampionsAsync(trainer)).Single(model => model.Group == Web.Hash);
}
