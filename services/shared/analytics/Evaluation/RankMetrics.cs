namespace Forewarn.Analytics;

/// <summary>How well scores separate labelled points from the others, whatever the threshold. Ties share one threshold.</summary>
/// <param name="RocAuc">Probability that a labelled point outranks another (Mann, Whitney 1947); a tie counts half.</param>
/// <param name="AveragePrecision">Sum over thresholds of precision x gain of recall, without interpolation.</param>
/// <param name="BestF1">The highest point-wise F1 over all thresholds. Never point-adjusted: that rewards random scores (Kim et al., AAAI 2022).</param>
/// <param name="BestF1Threshold">Where it is reached.</param>
public sealed record RankMetrics(double RocAuc, double AveragePrecision, double BestF1, double BestF1Threshold)
{
    /// <summary>Null when either kind of point is missing: then nothing can be separated.</summary>
    public static RankMetrics? Of(ReadOnlySpan<double> scores, ReadOnlySpan<bool> labels)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(labels.Length, scores.Length, nameof(labels));
        var (keys, order) = (new double[scores.Length], new int[scores.Length]);
        double positives = 0;
        for (var i = 0; i < scores.Length; i++)
        {
            (keys[i], order[i]) = (-scores[i], i);
            positives += labels[i] ? 1 : 0;
        }

        var negatives = scores.Length - positives;
        if (positives == 0 || negatives == 0)
        {
            return null;
        }

        Array.Sort(keys, order);
        double truePositives = 0, falsePositives = 0, area = 0, precisionSum = 0, bestF1 = 0, bestThreshold = double.PositiveInfinity;
        for (var start = 0; start < order.Length;)
        {
            double hits = 0, others = 0;
            var end = start;
            for (; end < order.Length && keys[end] == keys[start]; end++)
            {
                _ = labels[order[end]] ? hits++ : others++;
            }

            area += others * (truePositives + (hits / 2));
            (truePositives, falsePositives) = (truePositives + hits, falsePositives + others);
            precisionSum += hits * truePositives / (truePositives + falsePositives);
            var f1 = 2 * truePositives / (truePositives + falsePositives + positives);
            if (f1 > bestF1)
            {
                (bestF1, bestThreshold) = (f1, -keys[start]);
            }

            start = end;
        }

        return new RankMetrics(area / (positives * negatives), precisionSum / positives, bestF1, bestThreshold);
    }
}
