using CsCheck;
using Forewarn.Analytics;
using Forewarn.Contracts;
using Forewarn.Models;

namespace Forewarn.Trainer.Tests;

public sealed class LessonsTests
{
    static readonly TrainingRows Generated = NormalBehaviour.FirstTrainingRows(1, entities: 6, ticks: 700);

    // Three deviations on several series at once: rare among generated rows, but nothing that a tree cannot reach.
    static readonly float[] Odd = [.. Enumerable.Repeat(1.6f, RowSpec.Count)];

    public static TheoryData<string> Kinds => [.. ModelMakerTests.Recipes(new TrainerOptions()).Kinds];

    [Fact]
    public void Rows_of_false_alarms_are_learned_when_a_known_model_of_todays_rows_raised_them()
    {
        ModelInfo? ModelOf(string version) => version switch
        {
            "new" => Samples.Model("new"),
            "r1" => Samples.Model("r1") with { FeatureSpec = "f1", RowSpec = "r1" },
            "f1" => Samples.Model("f1") with { FeatureSpec = "f1" },
            _ => null,
        };
        FeedbackEvent Alarm(string incident, string? model = "new") => Samples.Feedback(incident, FeedbackKind.FalseAlarm, row: Odd, model: model);

        var lessons = Lessons.From(
            [
                Alarm("learned"), Alarm("of older rows", "r1"), Alarm("of older features", "f1"), Alarm("of a forgotten model", "gone"), Alarm("of no model", model: null),
                Alarm("short") with { Features = [1] }, Alarm("not finite") with { Features = [.. Odd[1..], float.NaN] },
                Alarm("a forecast") with { Detection = DetectionKind.PredictedBreach }, Alarm("useful") with { Kind = FeedbackKind.Useful },
                Samples.Missed(1, 2), Samples.Missed(3, 4),
            ], ModelOf);

        lessons.FalseAlarms.ShouldHaveSingleItem().ShouldBeSameAs(Odd);
        (lessons.Useful, lessons.Missed).ShouldBe((1, 2));
        Lessons.From([], ModelOf).IsEmpty.ShouldBeTrue();
    }

    [Fact]
    public void False_alarms_weigh_much_but_never_more_than_their_share() =>
        Gen.Select(Gen.Int[0, 500], Gen.Int[1000, 100_000]).Sample((alarms, rows) =>
        {
            var (used, copies) = new Lessons([.. Enumerable.Repeat(Odd, alarms)], 0, 0).Weigh(rows);

            (used * copies).ShouldBeLessThanOrEqualTo((int)(rows * Lessons.MostOfAll));
            copies.ShouldBeLessThanOrEqualTo(Math.Max(1, (int)(rows * Lessons.MostOfOne)));
            used.ShouldBe(Math.Min(alarms, (int)(rows * Lessons.MostOfAll)));
            (copies > 0).ShouldBe(alarms > 0);
        });

    [Fact]
    public void Lessons_are_in_every_folds_training_and_in_the_record_and_the_hash()
    {
        var plain = Set(Lessons.None);
        var taught = Set(new Lessons([Odd], 2, 1));

        taught.Record.Feedback.ShouldBe(new FeedbackRecord(FalseAlarms: 1, RowsEach: plain.RowCount / 200, Useful: 2, Missed: 1));
        taught.Record.Rows.ShouldBe(plain.RowCount + (plain.RowCount / 200));
        taught.Record.DataHash.ShouldNotBe(plain.Record.DataHash);
        taught.Record.DataHash.ShouldBe(Set(new Lessons([Odd], 2, 1)).Record.DataHash);
        plain.Record.Feedback.ShouldBeNull();
        plain.ForTraining().ShouldBe(plain.Rows);
        for (var fold = 0; fold < taught.FoldEnds.Count; fold++)
            taught.Without(fold).Chunk(RowSpec.Count).Count(row => row.SequenceEqual(Odd)).ShouldBe(taught.LessonCopies);
        taught.ForTraining().AsSpan(^taught.Rows.Length..).ToArray().ShouldBe(taught.Rows);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void What_was_taught_becomes_less_strange_and_the_same_words_give_the_same_model(string kind)
    {
        var (plain, taught, again) = (Make(kind, Lessons.None), Make(kind, new Lessons([Odd], 0, 0)), Make(kind, new Lessons([Odd], 0, 0)));

        again.Onnx.ShouldBe(taught.Onnx);
        taught.Manifest.Version.ShouldNotBe(plain.Manifest.Version);
        Rarity(taught).ShouldBeGreaterThan(Rarity(plain) * 1.5);
        // Twenty deviations on everything stay an alarm.
        Rarity(taught, 3f).ShouldBeLessThan(AlarmLevel.PValue(2, CadenceRules.Ticks));
        ModelCard.Write(taught.Manifest).ShouldContain("1 false alarm(s) taught as normal");
        ModelCard.Write(plain.Manifest).ShouldNotContain("feedback");
    }

    static double Rarity(TrainedModel model, float value = 1.6f)
    {
        using var scorer = OnnxScorer.Load(model.Onnx);
        float[] row = [.. Enumerable.Repeat(value, RowSpec.Count)];
        var score = new float[1];
        scorer.Score(row, 1, score);
        return model.Manifest.Prior.Survival(Strangeness.Of(score[0], row)).P;
    }

    static TrainedModel Make(string kind, Lessons lessons)
    {
        var recipe = ModelMakerTests.Recipes(new TrainerOptions()).Find(kind)!;
        var set = Set(lessons);
        return ModelMaker.Export(
            kind, recipe.Train(set.ForTraining(), _ => { }), set, ModelMaker.HeldOutScores(set, recipe, _ => { }), createdAt: 1, parent: null);
    }

    static TrainingSet Set(Lessons lessons) =>
        TrainingSet.Build(HistorySample.Empty with { Lessons = lessons }, Generated, minRows: 10_000, seed: 1);
}
