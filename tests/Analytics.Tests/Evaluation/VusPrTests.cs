using CsCheck;

namespace Forewarn.Analytics.Tests.Evaluation;

public sealed class VusPrTests
{
    [Fact]
    public void One_pass_gives_what_the_definition_gives() =>
        Gen.Select(Gen.Int[0, 9].Array[3, 90], Gen.Int[0, 5].Array[90], Gen.Int[0, 14]).Sample((ranks, marks, buffer) =>
        {
            double[] scores = [.. ranks.Select(rank => (double)rank)];
            bool[] labels = [.. marks.Take(scores.Length).Select(mark => mark == 0)];
            labels[scores.Length / 2] = true;
            var expected = Enumerable.Range(0, buffer + 1).Average(width => Naive(scores, labels, width));
            VusPr.Of(scores, labels, buffer).ShouldBe(expected, 1e-12);
        }, iter: 40);

    [Fact]
    public void A_perfect_ranking_is_better_than_a_late_one_and_that_better_than_noise()
    {
        var random = new SeededRandom(1);
        bool[] labels = [.. Enumerable.Range(0, 4000).Select(i => i is >= 1000 and < 1100 or >= 2500 and < 2560)];
        double[] perfect = [.. labels.Select(label => label ? 1.0 : 0)];
        double[] late = [.. Enumerable.Range(0, 4000).Select(i => i >= 20 && labels[i - 20] ? 1.0 : 0)];
        double[] noise = [.. labels.Select(_ => random.NextDouble())];
        var (best, middle, worst) = (VusPr.Of(perfect, labels), VusPr.Of(late, labels), VusPr.Of(noise, labels));
        best.ShouldBeGreaterThan(middle);
        middle.ShouldBeGreaterThan(worst + 0.2);
        VusPr.Of(perfect, labels, buffer: 0).ShouldBe(1, 1e-12);
    }

    [Fact]
    public void Every_fifth_buffer_tells_nearly_the_same()
    {
        var random = new SeededRandom(2);
        bool[] labels = [.. Enumerable.Range(0, 5000).Select(i => i % 1000 is >= 300 and < 380)];
        double[] scores = [.. labels.Select(label => random.NextGaussian() + (label ? 1.5 : 0))];
        VusPr.Of(scores, labels, step: 5).ShouldBe(VusPr.Of(scores, labels), 2e-3);
    }

    [Fact]
    public void Without_labels_there_is_no_figure() => VusPr.Of([1, 2, 3], [false, false, false]).ShouldBe(double.NaN);

    // RangeAUC of the authors' code, threshold by threshold.
    static double Naive(double[] scores, bool[] labels, int width)
    {
        double[] weights = [.. labels.Select(label => label ? 1.0 : 0)];
        foreach (var (first, last) in LabelledRanges.Of(labels))
        {
            for (var i = last + 1; i < Math.Min(last + (width / 2) + 1, labels.Length); i++)
            {
                weights[i] += Math.Sqrt(1 - ((double)(i - last) / width));
            }

            for (var i = Math.Max(first - (width / 2), 0); i < first; i++)
            {
                weights[i] += Math.Sqrt(1 - ((double)(first - i) / width));
            }
        }

        weights = [.. weights.Select(weight => Math.Min(1, weight))];
        var ranges = LabelledRanges.Of([.. weights.Select(weight => weight > 0)]);
        var sorted = scores.OrderDescending().ToArray();
        double area = 0, before = 0, labelled = labels.Count(label => label);
        for (var k = 0; k < 250; k++)
        {
            var threshold = sorted[(int)(k * (scores.Length - 1) / 249.0)];
            bool[] alarms = [.. scores.Select(score => score >= threshold)];
            var hits = weights.Where((_, i) => alarms[i]).Sum();
            var shown = ranges.Count(range => alarms.Skip(range.First).Take(range.Last - range.First + 1).Contains(true));
            var recall = Math.Min(hits / ((labelled + weights.Sum()) / 2), 1) * shown / ranges.Count;
            area += (recall - before) * hits / alarms.Count(alarm => alarm);
            before = recall;
        }

        return area;
    }
}
