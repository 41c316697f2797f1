using CsCheck;

namespace Forewarn.Analytics.Tests.Forests;

public sealed class IsolationForestTests(ITestOutputHelper output)
{
    const int Features = 6;

    [Fact]
    public void The_same_rows_and_seed_give_the_same_forest_bit_for_bit()
    {
        var rows = Blob(1, 2000, 0);
        var (first, second) = (Train(rows), Train(rows));
        var other = Train(rows, new ForestOptions { Seed = 2 });
        for (var i = 0; i < first.Trees.Count; i++)
        {
            first.Trees[i].Feature.ShouldBe(second.Trees[i].Feature);
            first.Trees[i].Threshold.ShouldBe(second.Trees[i].Threshold);
            first.Trees[i].Left.ShouldBe(second.Trees[i].Left);
            first.Trees[i].Right.ShouldBe(second.Trees[i].Right);
            first.Trees[i].PathLength.ShouldBe(second.Trees[i].PathLength);
        }

        other.Trees[0].Threshold.ShouldNotBe(first.Trees[0].Threshold);
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.05)]
    public void Outliers_rank_above_the_blob(double stretched)
    {
        var rows = Blob(3, 1900, 100);
        var forest = Train(rows, new ForestOptions { Stretched = stretched });
        var scores = Enumerable.Range(0, 2000).Select(i => forest.Score(rows.AsSpan(i * Features, Features))).ToArray();
        scores.ShouldAllBe(score => score > 0 && score <= 1);
        var auc = Auc(scores[1900..], scores[..1900]);
        output.WriteLine($"stretched {stretched}: ROC-AUC {auc:F4}");
        auc.ShouldBeGreaterThan(0.95);
    }

    [Fact]
    public void A_stretched_forest_tells_far_from_very_far()
    {
        var rows = Blob(4, 2000, 0);
        float near = 4, far = 12;
        float[] Row(float at) => [.. Enumerable.Repeat(at, Features)];
        var plain = Train(rows, new ForestOptions { Stretched = 0 });
        var stretched = Train(rows);
        plain.Score(Row(far)).ShouldBe(plain.Score(Row(near)), 0.01f);
        stretched.Score(Row(far)).ShouldBeGreaterThan(stretched.Score(Row(near)) + 0.02f);
    }

    [Fact]
    public void Path_lengths_equal_a_recursive_walk() => Gen.Float[-6, 6].Array[Features].Sample(
        row =>
        {
            var forest = Shared.Value;
            var mean = forest.Trees.Average(tree => Walk(tree, 0, row));
            forest.Score(row).ShouldBe((float)Math.Pow(2, -mean / forest.Normaliser), 1e-6f);
        },
        iter: 200);

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 0)]
    [InlineData(2, 1)]
    [InlineData(3, 1.2073922)]
    [InlineData(256, 10.2447709)]
    public void The_average_path_length_follows_the_paper(int n, double expected) =>
        IsolationForest.AveragePathLength(n).ShouldBe(expected, 1e-6);

    [Fact]
    public void Every_training_row_ends_in_exactly_one_leaf_of_a_plain_tree()
    {
        var rows = Blob(6, 64, 0);
        var forest = Train(rows, new ForestOptions { Trees = 5, SampleSize = 64, Stretched = 0 });
        foreach (var tree in forest.Trees)
        {
            var leaves = Enumerable.Range(0, 64).GroupBy(i => Leaf(tree, rows.AsSpan(i * Features, Features)));
            foreach (var leaf in leaves)
            {
                tree.PathLength[leaf.Key].ShouldBe((float)(Depth(tree, leaf.Key) + IsolationForest.AveragePathLength(leaf.Count())), 1e-5f);
            }
        }
    }

    [Fact]
    public void Constant_rows_score_alike_instead_of_failing()
    {
        var forest = Train(new float[100 * Features]);
        forest.Score(new float[Features]).ShouldBe(0.5f, 1e-3f);
    }

    [Fact]
    public void Rows_that_are_not_finite_are_refused()
    {
        var rows = Blob(7, 50, 0);
        rows[33] = float.NaN;
        Should.Throw<ArgumentException>(() => Train(rows)).Message.ShouldContain("finite");
        Should.Throw<ArgumentException>(() => Shared.Value.Score(new float[Features - 1]));
    }

    [Fact]
    public void Scoring_does_not_allocate()
    {
        var row = new float[Features];
        Shared.Value.Score(row);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            Shared.Value.Score(row);
        }

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    static readonly Lazy<IsolationForest> Shared = new(() => Train(Blob(9, 1000, 0)));

    static IsolationForest Train(float[] rows, ForestOptions? options = null) =>
        IsolationForest.Train(rows, rows.Length / Features, Features, options ?? new ForestOptions());

    static double Walk(ForestTree tree, int node, float[] row) => tree.Feature[node] < 0
        ? tree.PathLength[node]
        : Walk(tree, row[tree.Feature[node]] <= tree.Threshold[node] ? tree.Left[node] : tree.Right[node], row);

    static int Leaf(ForestTree tree, ReadOnlySpan<float> row)
    {
        var node = 0;
        while (tree.Feature[node] >= 0)
        {
            node = row[tree.Feature[node]] <= tree.Threshold[node] ? tree.Left[node] : tree.Right[node];
        }

        return node;
    }

    static int Depth(ForestTree tree, int node)
    {
        var depth = 0;
        while (node != 0)
        {
            var child = node;
            node = Enumerable.Range(0, tree.Nodes).First(parent => tree.Left[parent] == child || tree.Right[parent] == child);
            depth++;
        }

        return depth;
    }

    static float[] Blob(int seed, int normal, int outliers)
    {
        var random = new SeededRandom(seed);
        var rows = new float[(normal + outliers) * Features];
        for (var i = 0; i < rows.Length; i++)
        {
            rows[i] = (float)(i < normal * Features ? random.NextGaussian() : random.Between(-6, 6));
        }

        return rows;
    }

    static double Auc(float[] positive, float[] negative) =>
        positive.Average(p => negative.Average(n => p > n ? 1.0 : p == n ? 0.5 : 0));
}
