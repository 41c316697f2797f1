using Forewarn.Analytics;
using Forewarn.Contracts;
using Forewarn.Models;

namespace Forewarn.Trainer.Tests;

public sealed class ForestRecipeTests
{
    static readonly TrainerOptions Options = new();

    [Fact]
    public void The_same_rows_and_seed_give_the_same_version_whenever_and_after_whatever()
    {
        var first = Make(Options, createdAt: 1, parent: null);
        var second = Make(Options, createdAt: 2, parent: "0123456789abcdef");

        second.Onnx.ShouldBe(first.Onnx);
        second.Manifest.Version.ShouldBe(first.Manifest.Version);
        Make(new TrainerOptions { Seed = 2 }, 1, null).Manifest.Version.ShouldNotBe(first.Manifest.Version);
    }

    [Fact]
    public void The_file_loads_and_scores_as_the_forest_and_its_metadata_says_how_it_was_made()
    {
        var model = Make(Options, createdAt: 1, parent: null);
        using var scorer = OnnxScorer.Load(model.Onnx);

        model.Manifest.Metrics["maxAbsDiff"].ShouldBeLessThan(1e-5);
        scorer.Inputs.ShouldBe(RowSpec.Count);
        scorer.Metadata["row_spec"].ShouldBe(RowSpec.Version);
        scorer.Metadata["psi"].ShouldBe("256");
        scorer.Metadata["data_hash"].ShouldBe(model.Manifest.Training.DataHash);
        ModelManifest.FromJson(model.Manifest.ToJson()).Version.ShouldBe(model.Manifest.Version);
    }

    [Fact]
    public void Normal_rows_score_below_a_row_full_of_deviations()
    {
        var model = Make(Options, createdAt: 1, parent: null);
        using var scorer = OnnxScorer.Load(model.Onnx);
        var strange = new float[RowSpec.Count];
        Array.Fill(strange, 4f);
        var score = new float[1];
        scorer.Score(strange, 1, score);

        model.Manifest.Prior.Survival(score[0]).P.ShouldBeLessThan(0.002);
    }

    [Fact]
    public void A_file_that_scores_otherwise_than_its_forest_is_refused()
    {
        var set = Set(Options);
        var forest = ForestRecipe.Grow(set, Options);
        var other = ForestGraph.Write(ForestRecipe.Grow(set, new TrainerOptions { Seed = 2 }), []);

        ForestRecipe.Difference(forest, ForestGraph.Write(forest, []), set).ShouldBeLessThan(ForestRecipe.MaxDifference);
        Should.Throw<ModelRefusedException>(() => ForestRecipe.Difference(forest, other, set)).Message.ShouldContain("differ");
    }

    [Fact]
    public void Calibration_scores_rows_by_forests_that_have_not_seen_them()
    {
        var set = Set(Options);
        var scores = ForestRecipe.HeldOutScores(set, Options);
        var (start, end) = set.Fold(1);
        var others = IsolationForest.Train(set.Without(1), set.RowCount - (end - start), RowSpec.Count, new ForestOptions());

        scores.Length.ShouldBe(set.RowCount);
        foreach (var index in new[] { start, end - 1 })
        {
            var row = set.Rows.AsSpan(index * RowSpec.Count, RowSpec.Count);
            scores[index].ShouldBe(Strangeness.Of(others.Score(row), row));
        }
    }

    static TrainedModel Make(TrainerOptions options, long createdAt, string? parent)
    {
        var set = Set(options);
        var forest = ForestRecipe.Grow(set, options);
        var model = ForestRecipe.Export(forest, set, ForestRecipe.HeldOutScores(set, options), createdAt, parent);
        model.Manifest.ToInfo(ModelState.Champion).Parent.ShouldBe(parent);
        return model;
    }

    static TrainingSet Set(TrainerOptions options) => TrainingSet.Build(
        HistorySample.Empty, NormalBehaviour.FirstTrainingRows(options.Seed, entities: 6, ticks: 700), options.MinHistoryRows, options.Seed);
}
