using Forewarn.Analytics;
using Forewarn.Contracts;
using Forewarn.Models;

namespace Forewarn.Trainer.Tests;

/// <summary>What must hold for a model of any kind: a new recipe is in here as soon as it is in <see cref="Recipes"/>.</summary>
public sealed class ModelMakerTests
{
    static readonly TrainingSet Rows = TrainingSet.Build(
        HistorySample.Empty, NormalBehaviour.FirstTrainingRows(1, entities: 6, ticks: 700), minRows: 10_000, seed: 1);

    public static TheoryData<string> Kinds => [.. Recipes(new TrainerOptions()).Kinds];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void The_same_rows_and_seed_give_the_same_version_whenever_and_after_whatever(string kind)
    {
        var first = Make(kind, createdAt: 1, parent: null);
        var second = Make(kind, createdAt: 2, parent: "0123456789abcdef");

        second.Onnx.ShouldBe(first.Onnx);
        second.Manifest.Version.ShouldBe(first.Manifest.Version);
        Make(kind, 1, null, seed: 2).Manifest.Version.ShouldNotBe(first.Manifest.Version);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void The_file_loads_and_scores_as_the_model_and_its_metadata_says_how_it_was_made(string kind)
    {
        var model = Make(kind, createdAt: 1, parent: null);
        using var scorer = OnnxScorer.Load(model.Onnx);

        model.Manifest.Kind.ShouldBe(kind);
        model.Manifest.Metrics["maxAbsDiff"].ShouldBeLessThan(1e-5);
        model.Manifest.Training.Settings.ShouldNotBeEmpty();
        scorer.Inputs.ShouldBe(RowSpec.Count);
        scorer.Metadata["kind"].ShouldBe(kind);
        scorer.Metadata["row_spec"].ShouldBe(RowSpec.Version);
        scorer.Metadata["data_hash"].ShouldBe(model.Manifest.Training.DataHash);
        ModelManifest.FromJson(model.Manifest.ToJson()).Version.ShouldBe(model.Manifest.Version);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Scores_lie_between_zero_and_one_and_a_row_full_of_deviations_scores_above_the_normal_ones(string kind)
    {
        var model = Make(kind, createdAt: 1, parent: null);
        using var scorer = OnnxScorer.Load(model.Onnx);
        var scores = new float[Rows.RowCount];
        scorer.Score(Rows.Rows, Rows.RowCount, scores);
        var strange = new float[RowSpec.Count];
        Array.Fill(strange, 4f);
        var score = new float[1];
        scorer.Score(strange, 1, score);

        scores.ShouldAllBe(each => each >= 0 && each < 1);
        scores.Order().ElementAt(scores.Length / 2).ShouldBeInRange(0.3f, 0.6f);
        model.Manifest.Prior.Survival(score[0]).P.ShouldBeLessThan(0.002);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_file_that_scores_otherwise_than_its_model_is_refused(string kind)
    {
        var model = Train(kind, seed: 1);
        var other = Train(kind, seed: 2).ToOnnx([]);

        ModelMaker.Difference(model, model.ToOnnx([]), Rows).ShouldBeLessThan(ModelMaker.MaxDifference);
        Should.Throw<ModelRefusedException>(() => ModelMaker.Difference(model, other, Rows)).Message.ShouldContain("differ");
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Calibration_scores_rows_by_models_that_have_not_seen_them(string kind)
    {
        var recipe = Recipes(new TrainerOptions()).Find(kind)!;
        var last = 0.0;
        var scores = ModelMaker.HeldOutScores(Rows, recipe, share => last = Math.Max(last, share));
        var (start, end) = Rows.Fold(1);
        var others = recipe.Train(Rows.Without(1), _ => { });

        last.ShouldBeGreaterThan(0);
        scores.Length.ShouldBe(Rows.RowCount);
        foreach (var index in new[] { start, end - 1 })
        {
            var row = Rows.Rows.AsSpan(index * RowSpec.Count, RowSpec.Count);
            scores[index].ShouldBe(Strangeness.Of(others.Score(row), row));
        }
    }

    [Fact]
    public void Without_a_kind_the_configured_one_is_trained_and_an_unknown_one_is_not_found()
    {
        var recipes = Recipes(new TrainerOptions { Kind = AutoencoderRecipe.Name });

        recipes.Find(null)!.Kind.ShouldBe("autoencoder");
        recipes.Find("isolation-forest")!.Kind.ShouldBe("isolation-forest");
        recipes.Find("lstm").ShouldBeNull();
        recipes.Kinds.ShouldBe(["autoencoder", "half-space-trees", "isolation-forest"]);
    }

    [Fact]
    public void The_card_says_what_an_autoencoder_was_trained_with()
    {
        var card = ModelCard.Write(Make("autoencoder", createdAt: 1, parent: null).Manifest);

        card.ShouldContain("Kind `autoencoder`");
        card.ShouldContain("bottleneck 5");
    }

    static TrainedModel Make(string kind, long createdAt, string? parent, int seed = 1)
    {
        var recipe = Recipes(new TrainerOptions { Seed = seed }).Find(kind)!;
        var scores = ModelMaker.HeldOutScores(Rows, recipe, _ => { });
        var model = ModelMaker.Export(kind, recipe.Train(Rows.Rows, _ => { }), Rows, scores, createdAt, parent);
        model.Manifest.ToInfo(ModelState.Champion).Parent.ShouldBe(parent);
        return model;
    }

    static ITrainedScorer Train(string kind, int seed) => Recipes(new TrainerOptions { Seed = seed }).Find(kind)!.Train(Rows.Rows, _ => { });

    internal static ModelRecipes Recipes(TrainerOptions options) => new([new ForestRecipe(options), new AutoencoderRecipe(options), new HalfSpaceRecipe(options)], options);
}
