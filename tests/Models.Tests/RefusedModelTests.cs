using CsCheck;
using Forewarn.Analytics;
using Forewarn.Models.Tests.Joint;

namespace Forewarn.Models.Tests;

public sealed class RefusedModelTests
{
    static readonly byte[] Good = Forests.Onnx(Forests.Grow(seed: 3, trees: 5));

    [Fact]
    public void Every_truncation_is_refused_or_still_a_whole_model() => Gen.Int[0, Good.Length - 1].Sample(
        length => LoadsOrRefuses(Good[..length]), iter: 300, threads: 1);

    [Fact]
    public void A_file_cut_in_half_is_refused_as_damaged() =>
        Refusal(Good[..(Good.Length / 2)]).ShouldContain("damaged");

    [Fact]
    public void Damaged_bytes_never_end_the_process() =>
        Gen.Select(Gen.Int[0, Good.Length - 1], Gen.Byte).Array[1, 8].Sample(
            changes =>
            {
                var damaged = (byte[])Good.Clone();
                foreach (var (at, value) in changes)
                    damaged[at] = value;
                LoadsOrRefuses(damaged);
            },
            iter: 1500, threads: 1);

    [Fact]
    public void Damaged_bytes_of_a_joint_model_never_end_the_process()
    {
        var good = JointModels.File(JointModels.Train(3, metrics: 2, rows: 300, options: new JointOptions { References = 20, ForestWeight = 0 }));
        Gen.Select(Gen.Int[0, good.Length - 1], Gen.Byte).Array[1, 8].Sample(
            changes =>
            {
                var damaged = (byte[])good.Clone();
                foreach (var (at, value) in changes)
                    damaged[at] = value;
                LoadsOrRefuses(damaged);
            },
            iter: 300, threads: 1);
    }

    [Fact]
    public void Garbage_is_refused() => Gen.Byte.Array[0, 4000].Sample(
        bytes => Refusal(bytes).ShouldNotBeEmpty(), iter: 300, threads: 1);

    [Fact]
    public void An_empty_file_is_refused_as_empty() => Refusal([]).ShouldContain("empty");

    [Fact]
    public void A_text_file_is_refused_as_no_model() => Refusal("version: 1\nname: forewarn\n"u8.ToArray()).ShouldContain("no ONNX model");

    [Theory]
    [InlineData("control", "If")]
    [InlineData("domain", "com.example")]
    public void Operators_outside_the_two_known_sets_are_refused(string what, string named)
    {
        var node = new OnnxNode(what == "control" ? "If" : "Anything", ["X"], ["score"]) { Domain = what == "domain" ? named : "" };
        Refusal(Model(node, [null, 3], [null])).ShouldContain(named);
    }

    [Fact]
    public void A_model_of_another_shape_is_refused_with_its_shape()
    {
        Refusal(Model(new OnnxNode("Identity", ["X"], ["score"]), [null, 3], [null, 3])).ShouldContain("[?, 3]");
        Refusal(Model(new OnnxNode("ReduceSum", ["X"], ["score"]), [2, 3], [1, 1])).ShouldContain("Input 'X' has shape [2, 3]");
    }

    [Fact]
    public void A_foreign_model_that_answers_one_number_per_row_is_taken()
    {
        var node = new OnnxNode("ReduceMax", ["X"], ["highest"])
        {
            Attributes = [OnnxAttribute.Of("axes", new long[] { 1 }), OnnxAttribute.Of("keepdims", 0)],
        };
        using var scorer = OnnxScorer.Load(Model(node, [null, 3], [null], "highest"));
        var scores = new float[2];
        scorer.Score([1, 5, 2, 9, 0, 4], 2, scores);

        scorer.Inputs.ShouldBe(3);
        scores.ShouldBe([5f, 9f]);
    }

    [Fact]
    public void A_model_that_answers_once_for_all_rows_is_refused()
    {
        var node = new OnnxNode("ReduceMax", ["X"], ["score"]) { Attributes = [OnnxAttribute.Of("keepdims", 1)] };
        Refusal(Model(node, [null, 3], [null, 1])).ShouldContain("one score per row");
    }

    [Fact]
    public void A_model_that_answers_no_number_is_refused() =>
        Refusal(Model(
            new OnnxNode("Log", ["path"], ["score"]), [null, 1], [null, 1], "score",
            new OnnxNode("Sub", ["X", "one"], ["path"]))).ShouldContain("not finite");

    [Fact]
    public void Trees_with_rings_or_missing_nodes_are_refused()
    {
        Refusal(Trees(left: [0, 0, 0], right: [2, 0, 0])).ShouldContain("begin with its root");
        Refusal(Trees(left: [1, 0, 0], right: [7, 0, 0])).ShouldContain("does not exist");
        Refusal(Trees(left: [1, 0, 0], right: [1, 0, 0])).ShouldContain("twice");
        Refusal(Trees(left: [1, 0, 0], right: [2, 0, 0], feature: 99_999)).ShouldContain("cannot exist");
        Refusal(Trees(left: [1, 0, 0], right: [2, 0, 0], target: 1)).ShouldContain("target beyond the 1");
        Refusal(Trees(left: [1, 0, 0], right: [2, 0, 0], target: -1)).ShouldContain("target beyond the 1");
    }

    [Fact]
    public void A_split_on_an_input_beyond_the_row_is_refused() =>
        Refusal(Trees(left: [1, 0, 0], right: [2, 0, 0], feature: 3)).ShouldNotBeEmpty();

    static byte[] Trees(long[] left, long[] right, long feature = 0, long target = 0) => Model(
        new OnnxNode("TreeEnsembleRegressor", ["X"], ["score"])
        {
            Domain = OnnxModel.MlDomain,
            Attributes =
            [
                OnnxAttribute.Of("n_targets", 1),
                OnnxAttribute.Of("nodes_treeids", new long[] { 0, 0, 0 }),
                OnnxAttribute.Of("nodes_nodeids", new long[] { 0, 1, 2 }),
                OnnxAttribute.Of("nodes_featureids", new[] { feature, 0, 0 }),
                OnnxAttribute.Of("nodes_modes", ["BRANCH_LEQ", "LEAF", "LEAF"]),
                OnnxAttribute.Of("nodes_values", [0.5f, 0f, 0f]),
                OnnxAttribute.Of("nodes_truenodeids", left),
                OnnxAttribute.Of("nodes_falsenodeids", right),
                OnnxAttribute.Of("target_treeids", new long[] { 0, 0 }),
                OnnxAttribute.Of("target_nodeids", new long[] { 1, 2 }),
                OnnxAttribute.Of("target_ids", new[] { 0, target }),
                OnnxAttribute.Of("target_weights", [1f, 2f]),
            ],
        },
        [null, 3], [null, 1]);

    static byte[] Model(OnnxNode node, long?[] input, long?[] output, string outputName = "score", params OnnxNode[] before) => new OnnxModel
    {
        Name = "test",
        Inputs = [new OnnxValue("X", input)],
        Outputs = [new OnnxValue(outputName, output)],
        Initializers = [new OnnxTensor("one", [1], [1f])],
        Nodes = [.. before, node],
    }.ToBytes();

    static string Refusal(byte[] model) => Should.Throw<ModelRefusedException>(() => OnnxScorer.Load(model).Dispose()).Message;

    static void LoadsOrRefuses(byte[] model)
    {
        try
        {
            using var scorer = OnnxScorer.Load(model);
            scorer.Score(new float[7 * scorer.Inputs], 7, new float[7], new ScoreDetails(new float[7 * scorer.Metrics], []));
        }
        catch (ModelRefusedException refused)
        {
            refused.Message.ShouldNotBeEmpty();
        }
    }
}
