using CsCheck;

namespace Forewarn.Analytics.Tests.Joint;

public sealed class BorrowedScalingTests
{
    const int Metrics = 2;

    static readonly JointScaling Typical = JointScaling.Of(Rows(new SeededRandom(1), 5000, 10, 1), Metrics, 0.4);

    [Fact]
    public void There_is_none_before_there_are_enough_rows()
    {
        var borrowed = new BorrowedScaling(Metrics);
        var rows = Rows(new SeededRandom(2), BorrowedScaling.FewestRows, 10, 1);
        for (var i = 0; i < BorrowedScaling.FewestRows - 1; i++)
            borrowed.Take(Row(rows, i), Typical, 0.4).ShouldBeNull();
        borrowed.Take(Row(rows, BorrowedScaling.FewestRows - 1), Typical, 0.4).ShouldNotBeNull();
    }

    [Fact]
    public void An_entity_on_another_level_is_measured_by_its_own()
    {
        Gen.Select(Gen.Double[-1e6, 1e6], Gen.Double[0.3, 3], Gen.Int[1, 1000]).Sample((level, deviation, seed) =>
        {
            var borrowed = new BorrowedScaling(Metrics);
            var rows = Rows(new SeededRandom(seed), 4000, level, deviation);
            JointScaling? scaling = null;
            for (var i = 0; i < 4000; i++)
                scaling = borrowed.Take(Row(rows, i), Typical, 0.4);
            var scaled = new float[Metrics * JointRow.Count];
            double sum = 0, squares = 0;
            for (var i = 1000; i < 4000; i++)
            {
                scaling!.Apply(Row(rows, i), scaled, new bool[Metrics]);
                (sum, squares) = (sum + scaled[0], squares + (scaled[0] * scaled[0]));
            }
            Math.Abs(sum / 3000).ShouldBeLessThan(0.1);
            Math.Sqrt(squares / 3000).ShouldBeInRange(0.6, 1.15);
        }, iter: 20);
    }

    [Fact]
    public void A_metric_that_was_never_there_stays_masked_and_a_restored_one_goes_on()
    {
        var borrowed = new BorrowedScaling(Metrics);
        var rows = Rows(new SeededRandom(3), 400, 5, 1);
        for (var i = 0; i < 400; i++)
        {
            rows.AsSpan((i * Metrics * JointRow.Count) + JointRow.Count, JointRow.Count).Fill(float.NaN);
            borrowed.Take(Row(rows, i), Typical, 0.4);
        }
        var copy = JointSamples.Copy(borrowed.Write, BorrowedScaling.Read);
        JointScaling? mine = null, theirs = null;
        for (var i = 0; i < 60; i++)
            (mine, theirs) = (borrowed.Take(Row(rows, i), Typical, 0.4), copy.Take(Row(rows, i), Typical, 0.4));
        JointSamples.Bytes(mine!.Write).ShouldBe(JointSamples.Bytes(theirs!.Write));
        var present = new bool[Metrics];
        mine.Apply(Row(rows, 0), new float[Metrics * JointRow.Count], present);
        present.ShouldBe([true, false]);
    }

    static ReadOnlySpan<float> Row(float[] rows, int row) => rows.AsSpan(row * Metrics * JointRow.Count, Metrics * JointRow.Count);

    // All features of a metric alike: what a scaling does to them is the same.
    static float[] Rows(SeededRandom random, int count, double level, double deviation) =>
        [.. Enumerable.Range(0, count * Metrics * JointRow.Count).Select(_ => (float)(level + (deviation * random.NextGaussian())))];
}
