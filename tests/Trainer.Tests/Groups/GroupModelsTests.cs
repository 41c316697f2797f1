using Forewarn.Analytics;
using Forewarn.Contracts;
using Forewarn.Models;

namespace Forewarn.Trainer.Tests.Groups;

public sealed class GroupModelsTests
{
    const int PastRows = 800;

    static readonly SeriesSchema Schema = FakeFleet.Columns(5);
    static readonly int Width = 5 * JointRow.Count;
    static readonly GroupSample Sample = Read([], []);

    [Fact]
    public void The_same_sample_and_seed_give_the_same_bytes_and_another_seed_others()
    {
        var (first, _) = GroupModels.Make(Sample, seed: 1, createdAt: 1, parent: null);
        var (again, _) = GroupModels.Make(Sample, seed: 1, createdAt: 2, parent: "0123456789abcdef");

        again.Onnx.ShouldBe(first.Onnx);
        again.Manifest.Version.ShouldBe(first.Manifest.Version);
        GroupModels.Make(Sample, seed: 2, createdAt: 1, parent: null).Model.Manifest.Version.ShouldNotBe(first.Manifest.Version);
    }

    [Fact]
    public void The_file_carries_columns_and_scalings_and_its_manifest_says_what_it_is()
    {
        var (model, check) = GroupModels.Make(Sample, seed: 1, createdAt: 1, parent: null);
        using var scorer = OnnxScorer.Load(model.Onnx);
        var file = GroupModel.Of(model.Manifest.Version, scorer, model.Manifest.Prior).ShouldNotBeNull();

        file.Columns.ShouldBe(Schema.Columns.Select(column => column.Id));
        file.ScalingOf("a").ShouldNotBeNull();
        file.ScalingOf("other").ShouldNotBeNull();
        file.ScalingOf("unheard-of").ShouldBeNull();
        (model.Manifest.Kind, model.Manifest.Group, model.Manifest.FeatureSpec, model.Manifest.RowSpec).ShouldBe(("joint", Schema.Hash, FeatureSpec.Version, JointRow.Version));
        scorer.Metadata["kind"].ShouldBe("joint");
        scorer.Metadata["data_hash"].ShouldBe(model.Manifest.Training.DataHash);
        (model.Manifest.Training.Rows, model.Manifest.Training.Entities, model.Manifest.Prior.Count).ShouldBe((2 * PastRows, 2, 2 * PastRows));
        model.Manifest.Training.To.ShouldBe(Sample.Entities[0].Past.Times[^1]);
        model.Manifest.Reference.ShouldBeEmpty();
        model.Manifest.Metrics["rowsProven"].ShouldBeGreaterThan(1000);
        check.HasPassed.ShouldBeTrue(check.Summary);
        ModelManifest.FromJson(model.Manifest.ToJson()).Version.ShouldBe(model.Manifest.Version);
    }

    [Fact]
    public void A_card_tells_people_what_a_joint_model_reads()
    {
        var card = ModelCard.Write(GroupModels.Make(Sample, seed: 1, createdAt: 1, parent: null).Model.Manifest);

        card.ShouldContain($"entities of schema {Schema.Hash}");
        card.ShouldContain("12 numbers of each of 5 series");
        card.ShouldContain("checkAlarms: 0");
        card.ShouldNotContain("between 0 and 1");
        card.Split('\n').ShouldAllBe(line => line.Length < 400);
    }

    [Fact]
    public void Alarms_at_the_newest_rows_are_counted_apart_and_too_many_fail_the_check()
    {
        var (_, one) = GroupModels.Make(Read([20], []), seed: 1, createdAt: 1, parent: null);
        var (_, two) = GroupModels.Make(Read([20], [40]), seed: 1, createdAt: 1, parent: null);

        (one.Alarms, one.Allowed, one.HasPassed).ShouldBe((1, 1, true));
        (two.Alarms, two.HasPassed).ShouldBe((2, false));
        two.Watched.ShouldBe(TimeSpan.FromSeconds(2 * 80));
        two.Summary.ShouldContain("it alarmed 2 times; 1 may be chance");
    }

    [Fact]
    public void A_file_of_another_model_is_refused()
    {
        JointTraining.Run([.. Sample.Entities.Select(entity => entity.Past.Rows)], 5, GroupModels.Options);
        var (model, _) = GroupModels.Make(Sample, seed: 1, createdAt: 1, parent: null);
        var other = JointTraining.Run([.. Sample.Entities.Select(entity => entity.Past.Rows[..(400 * Width)])], 5, GroupModels.Options);

        Should.Throw<ModelRefusedException>(() => GroupModels.Prove(Sample, other, model.Onnx, model.Manifest.Prior)).Message.ShouldContain("ONNX and C# differ");
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(2, 1)]
    [InlineData(168, 12)]
    public void What_a_check_allows_grows_with_the_time_it_watched(double hours, int allowed) =>
        JointCheck.Of(TimeSpan.FromHours(hours), 0, new DetectorOptions(FalseAlarmsPerWeek: 2)).Allowed.ShouldBe(allowed);

    // Two entities of one behaviour on two scales; their newest rows hold runs of four rows that never occurred.
    static GroupSample Read(int[] first, int[] second) => new(
        Schema, Stride: 1,
        [Entity("a", first), Entity("bb", second)],
        [("other", JointScaling.Of(Entity("other", []).Past.Rows, 5, GroupModels.Options.LeastScale))]);

    static EntitySample Entity(string name, int[] strangeAt)
    {
        var replay = new GroupReplay(Schema, [], stride: 1);
        for (var tick = 0; tick < PastRows + 80 + JointTraining.Settling; tick++)
            replay.Add(tick * 1000L, Schema, FakeFleet.Values(Schema, name, tick));
        replay.EndStretch();
        var rows = replay.Rows();
        var newest = rows[(PastRows * Width)..];
        foreach (var at in strangeAt)
        {
            for (var i = at * Width; i < (at + 4) * Width; i++)
                newest[i] += i % 2 == 0 ? 500 : -500;
        }
        return new EntitySample(
            name, 1000, new TimedRows(rows[..(PastRows * Width)], [.. replay.Times.Take(PastRows)]), new TimedRows(newest, [.. replay.Times.Skip(PastRows)]));
    }
}
