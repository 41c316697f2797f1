using CsCheck;

namespace Forewarn.Analytics.Tests.Evaluation;

public sealed class RankMetricsTests
{
    [Fact]
    public void A_small_case_matches_what_scikit_learn_says()
    {
        // roc_auc_score and average_precision_score of its documentation's example.
        var metrics = RankMetrics.Of([0.1, 0.4, 0.35, 0.8], [false, false, true, true]).ShouldNotBeNull();
        metrics.RocAuc.ShouldBe(0.75);
        metrics.AveragePrecision.ShouldBe(0.8333, 1e-4);
        metrics.BestF1.ShouldBe(0.8, 1e-12);
        metrics.BestF1Threshold.ShouldBe(0.35);
    }

    [Fact]
    public void Without_both_kinds_of_points_there_is_nothing_to_separate()
    {
        RankMetrics.Of([1, 2], [false, false]).ShouldBeNull();
        RankMetrics.Of([1, 2], [true, true]).ShouldBeNull();
    }

    [Fact]
    public void Ties_and_all_match_the_definitions() =>
        Gen.Select(Gen.Int[0, 6].Array[2, 40], Gen.Int[0, 1].Array[40]).Sample((ranks, marks) =>
        {
            double[] scores = [.. ranks.Select(rank => (double)rank)];
            bool[] labels = [.. marks.Take(scores.Length).Select(mark => mark == 1)];
            if (RankMetrics.Of(scores, labels) is not { } metrics)
            {
                return;
            }

            var pairs = from a in Enumerable.Range(0, scores.Length)
                        where labels[a]
                        from b in Enumerable.Range(0, scores.Length)
                        where !labels[b]
                        select scores[a] > scores[b] ? 1 : scores[a] == scores[b] ? 0.5 : 0;
            metrics.RocAuc.ShouldBe(pairs.Average(), 1e-12);

            double positives = labels.Count(label => label), recallBefore = 0, precision = 0, f1 = 0;
            foreach (var threshold in scores.Distinct().OrderDescending())
            {
                double alarms = scores.Count(score => score >= threshold);
                double hits = scores.Where((score, i) => score >= threshold && labels[i]).Count();
                precision += ((hits / positives) - recallBefore) * hits / alarms;
                recallBefore = hits / positives;
                f1 = Math.Max(f1, 2 * hits / (alarms + positives));
            }

            metrics.AveragePrecision.ShouldBe(precision, 1e-12);
            metrics.BestF1.ShouldBe(f1, 1e-12);
        });
}
