using CsCheck;
using Forewarn.Analytics;

namespace Forewarn.Models.Tests;

public sealed class OnlineModelTests
{
    const float Tolerance = 1e-5f;
    const int Features = 5;

    [Fact]
    public void Onnx_and_csharp_agree_on_any_half_space_forest() => Gen.Select(Gen.Int[1, 100_000], Gen.Int[1, 20], Gen.Int[1, 40], Gen.Int[1, 9]).Sample(
        (seed, features, trees, depth) =>
        {
            var rows = Forests.Rows(seed, 200, features);
            var forest = HalfSpaceForest.Train(rows, 200, features, new HalfSpaceOptions { Trees = trees, Depth = depth, Seed = seed });
            using var scorer = OnnxScorer.Load(ForestGraph.Write(forest, []));
            var unseen = Forests.Rows(seed + 1, 100, features).Select(value => 3 * value).ToArray();
            var scores = new float[100];
            scorer.Score(unseen, 100, scores);

            for (var i = 0; i < 100; i++)
                scores[i].ShouldBe(forest.Score(unseen.AsSpan(i * features, features)), Tolerance);
        },
        iter: 40, threads: 1);

    [Fact]
    public void What_goes_on_learning_comes_back_from_the_file_and_begins_where_the_graph_is()
    {
        var forest = Forest(1);
        using var scorer = OnnxScorer.Load(ForestGraph.Write(forest, [OnlineModel.Metadata(forest)]));

        var begun = OnlineModel.Of(scorer).ShouldNotBeNull().Begin();
        begun.Score([1, 2, 3, 4, 5]).ShouldBe(forest.Score([1, 2, 3, 4, 5]));
    }

    [Fact]
    public void A_file_that_does_not_learn_has_no_such_part()
    {
        using var scorer = OnnxScorer.Load(Forests.Onnx(Forests.Grow(3)));
        OnlineModel.Of(scorer).ShouldBeNull();
    }

    [Theory]
    [InlineData("no base64!", "cannot be read")]
    [InlineData("AAAA", "format")]
    public void A_learning_part_that_cannot_be_read_is_refused(string text, string reason)
    {
        using var scorer = OnnxScorer.Load(ForestGraph.Write(Forest(1), [new("half_space_forest", text)]));
        Should.Throw<ModelRefusedException>(() => OnlineModel.Of(scorer)).Message.ShouldContain(reason);
    }

    [Fact]
    public void A_learning_part_that_scores_otherwise_than_the_graph_is_refused()
    {
        using var scorer = OnnxScorer.Load(ForestGraph.Write(Forest(1), [OnlineModel.Metadata(Forest(2))]));
        Should.Throw<ModelRefusedException>(() => OnlineModel.Of(scorer)).Message.ShouldContain("where the graph scores");
    }

    static HalfSpaceForest Forest(int seed) =>
        HalfSpaceForest.Train(Forests.Rows(seed, 300, Features), 300, Features, new HalfSpaceOptions { Seed = seed });
}
