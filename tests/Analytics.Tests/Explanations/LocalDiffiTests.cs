using CsCheck;

namespace Forewarn.Analytics.Tests.Explanations;

public sealed class LocalDiffiTests
{
    const int Features = 6;
    const int Constant = 4;

    [Fact]
    public void Importances_are_shares_and_what_trees_never_split_on_has_none() =>
        Gen.Select(Gen.Int[1, 10_000], Gen.Float[-20, 20].Array[Features]).Sample(
            (seed, row) =>
            {
                var importance = Explain(Grow(seed, 300), row);
                importance.ShouldAllBe(share => share >= 0);
                var sum = importance.Sum();
                (sum == 0 || Math.Abs(sum - 1) < 1e-9).ShouldBeTrue();
                importance[Constant].ShouldBe(0);
            },
            iter: 100);

    [Fact]
    public void They_equal_the_definition_step_by_step() => Gen.Select(Gen.Int[1, 10_000], Gen.Float[-6, 6].Array[Features]).Sample(
        (seed, row) =>
        {
            var forest = Grow(seed, 100);
            var ours = Explain(forest, row);
            var naive = Naive(forest, row);
            for (var i = 0; i < Features; i++)
                ours[i].ShouldBe(naive[i], 1e-12);
        },
        iter: 60);

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(5)]
    public void A_feature_that_alone_is_far_out_ranks_first(int feature)
    {
        for (var seed = 1; seed <= 20; seed++)
        {
            var row = new float[Features];
            row[feature] = 9;
            var importance = Explain(Grow(seed, 2000), row);
            importance.IndexOf(importance.Max()).ShouldBe(feature, $"seed {seed}");
        }
    }

    [Fact]
    public void A_forest_of_leaves_finds_nothing_important()
    {
        var forest = IsolationForest.Train(new float[4 * Features], 4, Features, new ForestOptions { Trees = 5, Stretched = 0 });
        var importance = new double[] { 7, 7 };
        LocalDiffi.Of(forest).Explain([], importance);
        importance.ShouldBe([0, 0]);
    }

    [Fact]
    public void A_row_that_is_too_short_is_refused() =>
        Should.Throw<ArgumentException>(() => LocalDiffi.Of(Grow(1, 300)).Explain(new float[2], new double[Features])).Message.ShouldContain("the row has 2");

    static IsolationForest Grow(int seed, int rows)
    {
        var random = new SeededRandom(seed);
        var values = new float[rows * Features];
        for (var i = 0; i < values.Length; i++)
            values[i] = i % Features == Constant ? 2 : (float)random.NextGaussian();
        return IsolationForest.Train(values, rows, Features, new ForestOptions { Seed = seed, Trees = 50, Stretched = 0 });
    }

    static double[] Explain(IsolationForest forest, float[] row)
    {
        var importance = new double[Features];
        LocalDiffi.Of(forest).Explain(row, importance);
        return importance;
    }

    static double[] Naive(IsolationForest forest, float[] row)
    {
        var deepest = forest.Trees.Max(tree => Deepest(tree, 0));
        var ways = forest.Trees.Select(tree => Way(tree, row)).ToList();
        var raw = Enumerable.Range(0, Features).Select(feature =>
        {
            var credits = ways.SelectMany(way => way.Where(split => split == feature).Select(_ => (1.0 / way.Count) - (1.0 / deepest))).ToList();
            return credits.Count == 0 ? 0 : credits.Average();
        }).ToArray();
        var sum = raw.Sum();
        return [.. raw.Select(share => sum > 0 ? share / sum : 0)];
    }

    static List<int> Way(ForestTree tree, float[] row)
    {
        var way = new List<int>();
        for (var node = 0; tree.Feature[node] >= 0; node = row[tree.Feature[node]] <= tree.Threshold[node] ? tree.Left[node] : tree.Right[node])
            way.Add(tree.Feature[node]);
        return way;
    }

    static int Deepest(ForestTree tree, int node) =>
        tree.Feature[node] < 0 ? 0 : 1 + Math.Max(Deepest(tree, tree.Left[node]), Deepest(tree, tree.Right[node]));
}
