using CsCheck;
using Forewarn.Analytics;
using Forewarn.Models.Tests.Joint;

namespace Forewarn.Models.Tests;

public sealed class ForestExplanationTests
{
    const int Metrics = 7;

    static readonly int[] Slots = [.. Enumerable.Range(0, Metrics)];

    [Fact]
    public void A_loaded_forest_explains_as_the_one_that_was_grown() => Forests.Any.Sample(
        sample =>
        {
            var (forest, seed) = sample;
            using var scorer = OnnxScorer.Load(Forests.Onnx(forest));
            var rows = Forests.Rows(seed + 1, 10, forest.Features);
            for (var i = 0; i < 10; i++)
            {
                var row = rows.AsSpan(i * forest.Features, forest.Features);
                double[] grown = new double[forest.Features], loaded = new double[forest.Features];
                LocalDiffi.Of(forest).Explain(row, grown);
                scorer.TryExplain(row, loaded).ShouldBeTrue();
                loaded.ShouldBe(grown);
            }
        },
        iter: 40, threads: 1);

    [Fact]
    public void A_metric_that_alone_leaves_the_others_and_its_usual_is_blamed_and_the_forest_points_to_it_more_often_than_to_any()
    {
        var (first, tried) = (0, 0);
        for (var seed = 1; seed <= 5; seed++)
        {
            var trained = JointModels.Train(seed, Metrics);
            using var scorer = OnnxScorer.Load(JointModels.File(trained));
            using var run = new JointRun(JointModels.Read(scorer, trained), scorer, capacity: 1);
            for (var pushed = 0; pushed < Metrics - 1; pushed++)
            {
                Push(run, trained.Scalings[0], JointModels.Features(seed + 100, 1, Metrics), pushed);
                double[] blame = new double[Metrics], importance = new double[Metrics];
                JointBlame.Weigh(EvidenceOf(run), DeviationOf(pushed), blame, importance).ShouldBeTrue();

                blame.ShouldAllBe(share => share >= 0);
                blame.IndexOf(blame.Max()).ShouldBe(pushed, $"seed {seed}");
                importance.Sum().ShouldBe(1, 1e-9);
                (first, tried) = (first + (importance.IndexOf(importance.Max()) == pushed ? 1 : 0), tried + 1);
            }
        }

        // What one metric does leaks into the residuals of those it goes with: importance alone names another one too often.
        first.ShouldBeGreaterThan(2 * tried / Metrics);
    }

    [Fact]
    public void Models_without_a_forest_of_ours_explain_nothing()
    {
        using var without = OnnxScorer.Load(JointModels.File(JointModels.Train(3, 2, options: new JointOptions { ForestWeight = 0 })));
        without.TryExplain(new float[without.Inputs], new double[2]).ShouldBeFalse();

        var scorer = OnnxScorer.Load(Forests.Onnx(Forests.Grow(2)));
        Should.Throw<ArgumentException>(() => scorer.TryExplain(new float[2], new double[6])).Message.ShouldContain("got 2");
        scorer.Dispose();
        scorer.TryExplain(new float[scorer.Inputs], new double[6]).ShouldBeFalse("it was disposed");
    }

    [Theory]
    [InlineData("BRANCH_LEQ", true)]
    [InlineData("BRANCH_LT", false)]
    public void Trees_of_others_are_read_whatever_the_order_of_their_nodes_but_not_if_they_split_otherwise(string mode, bool explained)
    {
        // The root's left child lies behind its right one, and splits on the second input.
        using var scorer = OnnxScorer.Load(Foreign(mode));
        var importance = new double[3];

        scorer.TryExplain([0, 0, 0], importance).ShouldBe(explained);
        importance.ShouldBe([0, 0, 0], "the deepest leaf says nothing");
        scorer.TryExplain([1, 0, 0], importance).ShouldBe(explained);
        importance.ShouldBe(explained ? [1, 0, 0] : [0, 0, 0]);
    }

    static void Push(JointRun run, JointScaling scaling, float[] features, int pushed)
    {
        for (var i = 0; i < JointRow.Count; i++)
            features[(pushed * JointRow.Count) + i] += 8;
        run.Clear();
        JointModels.Scaled(features, scaling, Metrics).CopyTo(run.Next);
        run.Keep();
        run.Score();
    }

    static JointEvidence EvidenceOf(JointRun run) => new()
    {
        Model = run.Group.Version,
        Prior = run.Group.Prior,
        Score = run.ScoreOf(0),
        Energies = run.EnergiesOf(0),
        Expected = new double[Metrics],
        ColumnOfSlot = Slots,
        Run = run,
    };

    static float[] DeviationOf(int pushed)
    {
        var features = new float[Metrics * FeatureSpec.Count];
        features[(pushed * FeatureSpec.Count) + FeatureSpec.Z] = 9;
        return features;
    }

    static byte[] Foreign(string mode) => new OnnxModel
    {
        Name = "foreign",
        Inputs = [new OnnxValue("rows", [null, 3])],
        Outputs = [new OnnxValue("out", [null, 1])],
        Initializers = [],
        Nodes =
        [
            new OnnxNode("TreeEnsembleRegressor", ["rows"], ["out"])
            {
                Domain = OnnxModel.MlDomain,
                Attributes =
                [
                    OnnxAttribute.Of("n_targets", 1),
                    OnnxAttribute.Of("nodes_treeids", new long[] { 4, 4, 4, 4, 4 }),
                    OnnxAttribute.Of("nodes_nodeids", new long[] { 0, 1, 4, 2, 3 }),
                    OnnxAttribute.Of("nodes_featureids", new long[] { 0, 0, 1, 0, 0 }),
                    OnnxAttribute.Of("nodes_modes", [mode, "LEAF", mode, "LEAF", "LEAF"]),
                    OnnxAttribute.Of("nodes_values", [0.5f, 0f, 0.5f, 0f, 0f]),
                    OnnxAttribute.Of("nodes_truenodeids", new long[] { 4, 0, 2, 0, 0 }),
                    OnnxAttribute.Of("nodes_falsenodeids", new long[] { 1, 0, 3, 0, 0 }),
                    OnnxAttribute.Of("target_treeids", new long[] { 4, 4, 4 }),
                    OnnxAttribute.Of("target_nodeids", new long[] { 1, 2, 3 }),
                    OnnxAttribute.Of("target_ids", new long[] { 0, 0, 0 }),
                    OnnxAttribute.Of("target_weights", [1f, 2f, 3f]),
                ],
            },
        ],
    }.ToBytes();
}
