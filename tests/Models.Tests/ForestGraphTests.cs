using CsCheck;
using Forewarn.Analytics;

namespace Forewarn.Models.Tests;

public sealed class ForestGraphTests
{
    const float Tolerance = 1e-5f;

    [Fact]
    public void Onnx_and_csharp_agree_on_any_forest() => Forests.Any.Sample(
        sample =>
        {
            var (forest, seed) = sample;
            using var scorer = OnnxScorer.Load(Forests.Onnx(forest));
            var rows = Forests.Rows(seed + 1, 50, forest.Features);
            Forests.MaxDifference(forest, scorer, rows, 50).ShouldBeLessThan(Tolerance);
        },
        iter: 60, threads: 1);

    [Fact]
    public void A_value_equal_to_a_threshold_takes_the_same_branch_in_both()
    {
        var forest = Forests.Grow(seed: 5, features: 4);
        using var scorer = OnnxScorer.Load(Forests.Onnx(forest));
        var thresholds = forest.Trees.SelectMany(tree => tree.Threshold.Where((_, node) => tree.Feature[node] >= 0)).ToArray();
        var around = thresholds.SelectMany(value => new[] { value, MathF.BitIncrement(value), MathF.BitDecrement(value) }).ToArray();
        var rows = around.SelectMany(value => Enumerable.Repeat(value, forest.Features)).ToArray();

        Forests.MaxDifference(forest, scorer, rows, around.Length).ShouldBeLessThan(Tolerance);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    [InlineData(float.MaxValue)]
    public void Extreme_values_score_alike_and_finite_in_both(float extreme)
    {
        var forest = Forests.Grow(seed: 6, features: 3);
        using var scorer = OnnxScorer.Load(Forests.Onnx(forest));
        float[] rows = [extreme, 0, 0, 0, extreme, 0, extreme, extreme, extreme];

        Forests.MaxDifference(forest, scorer, rows, 3).ShouldBeLessThan(Tolerance);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(64)]
    [InlineData(1024)]
    [InlineData(3000)]
    public void Every_batch_size_gives_the_same_scores(int count)
    {
        var forest = Forests.Grow(seed: 7);
        using var scorer = OnnxScorer.Load(Forests.Onnx(forest));
        var rows = Forests.Rows(8, count, forest.Features);

        Forests.MaxDifference(forest, scorer, rows, count).ShouldBeLessThan(Tolerance);
    }

    [Fact]
    public void Scores_lie_between_zero_and_one_and_an_outlier_stands_out()
    {
        var forest = Forests.Grow(seed: 9, rows: 2000, trees: 100, sampleSize: 256);
        using var scorer = OnnxScorer.Load(Forests.Onnx(forest));
        var rows = new float[2 * forest.Features];
        Array.Fill(rows, 8f, forest.Features, forest.Features);
        var scores = new float[2];
        scorer.Score(rows, 2, scores);

        scores.ShouldAllBe(score => score > 0 && score <= 1);
        scores[1].ShouldBeGreaterThan(scores[0] + 0.2f);
    }

    [Fact]
    public void A_forest_of_single_leaves_scores_every_row_the_same()
    {
        var rows = new float[40];
        var forest = IsolationForest.Train(rows, 10, 4, new ForestOptions { Trees = 3, SampleSize = 8 });
        using var scorer = OnnxScorer.Load(Forests.Onnx(forest));

        Forests.MaxDifference(forest, scorer, Forests.Rows(1, 20, 4), 20).ShouldBeLessThan(Tolerance);
    }

    [Fact]
    public void The_same_forest_gives_the_same_bytes_and_another_seed_gives_others()
    {
        var metadata = new[] { KeyValuePair.Create("kind", "isolation-forest"), KeyValuePair.Create("seed", "4") };
        var first = ForestGraph.Write(Forests.Grow(4), metadata);

        ForestGraph.Write(Forests.Grow(4), metadata).ShouldBe(first);
        ForestGraph.Write(Forests.Grow(3), metadata).ShouldNotBe(first);
    }

    [Fact]
    public void Metadata_comes_back_from_the_loaded_model()
    {
        var bytes = ForestGraph.Write(Forests.Grow(4), [KeyValuePair.Create("feature_names", "[\"ä\",\"b\"]"), KeyValuePair.Create("empty", "")]);
        using var scorer = OnnxScorer.Load(bytes);

        scorer.Metadata["feature_names"].ShouldBe("[\"ä\",\"b\"]");
        scorer.Metadata["empty"].ShouldBe("");
    }
}
