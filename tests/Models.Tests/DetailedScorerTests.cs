namespace Forewarn.Models.Tests;

public sealed class DetailedScorerTests
{
    [Fact]
    public void Energy_and_expected_are_read_beside_the_score_batch_by_batch()
    {
        using var scorer = OnnxScorer.Load(Model());
        const int rows = OnnxScorer.MaxBatch + 5;
        var input = Forests.Rows(1, rows, 3);
        float[] scores = new float[rows], energy = new float[rows * 3], expected = new float[rows * 3];
        scorer.Score(input, rows, scores, new ScoreDetails(energy, expected));

        scorer.Metrics.ShouldBe(3);
        energy.ShouldBe(input.Select(Math.Abs));
        expected.ShouldBe(input.Select(value => -value));
        scores.ShouldBe(input.Chunk(3).Select(row => row.Max()));
    }

    [Fact]
    public void Details_that_are_not_wanted_need_no_room_and_too_little_room_is_named()
    {
        using var scorer = OnnxScorer.Load(Model());
        var energy = new float[6];
        scorer.Score(new float[6], 2, new float[2]);
        scorer.Score([1, -2, 3, 4, 5, -6], 2, new float[2], new ScoreDetails(energy, []));

        energy.ShouldBe([1f, 2, 3, 4, 5, 6]);
        Should.Throw<ArgumentException>(() => scorer.Score(new float[6], 2, new float[2], new ScoreDetails(new float[5], []))).Message.ShouldContain("need 6 places, got 5");
    }

    [Fact]
    public void A_model_of_one_output_tells_nothing_of_metrics()
    {
        using var scorer = OnnxScorer.Load(Forests.Onnx(Forests.Grow(2)));
        var untouched = new float[] { 7 };
        scorer.Score(new float[6], 1, new float[1], new ScoreDetails(untouched, untouched));

        scorer.Metrics.ShouldBe(0);
        untouched[0].ShouldBe(7);
    }

    [Fact]
    public void Details_of_another_shape_are_refused()
    {
        Refusal(Model(energy: [null, 2])).ShouldNotBeEmpty();
        Refusal(Model(energy: [null])).ShouldContain("'energy' has shape");
        Refusal(Model(energy: [2, 3])).ShouldContain("'energy' has shape [2, 3]");
        Refusal(Model(expected: "Slice")).ShouldContain("'expected' has shape [?, 2]");
        Refusal(Model(expected: "Log")).ShouldContain("not finite");
    }

    static byte[] Model(long?[]? energy = null, string expected = "Neg")
    {
        var sliced = expected == "Slice";
        return new OnnxModel
        {
            Name = "detailed",
            Inputs = [new OnnxValue("X", [null, 3])],
            Outputs = [new OnnxValue("score", [null]), new OnnxValue("energy", energy ?? [null, 3]), new OnnxValue("expected", [null, sliced ? 2 : 3])],
            Initializers = [new OnnxTensor("zero", [1], [0L]), new OnnxTensor("two", [1], [2L]), new OnnxTensor("one", [1], [1L])],
            Nodes =
            [
                new OnnxNode("ReduceMax", ["X"], ["score"]) { Attributes = [OnnxAttribute.Of("axes", new long[] { 1 }), OnnxAttribute.Of("keepdims", 0)] },
                new OnnxNode("Abs", ["X"], ["energy"]),
                new OnnxNode(expected, sliced ? ["X", "zero", "two", "one"] : ["X"], ["expected"]),
            ],
        }.ToBytes();
    }

    static string Refusal(byte[] model) => Should.Throw<ModelRefusedException>(() => OnnxScorer.Load(model).Dispose()).Message;
}
