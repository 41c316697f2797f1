namespace Forewarn.Bench.Forest;

/// <summary>Area under the ROC curve as the Mann-Whitney statistic: the share of pairs in the right order, ties count half.</summary>
static class RocAuc
{
    /// <exception cref="ArgumentException">All rows, or none, are strange.</exception>
    public static double Of(double[] scores, bool[] strange)
    {
        var order = Enumerable.Range(0, scores.Length).ToArray();
        Array.Sort((double[])scores.Clone(), order);
        var (positives, ranks) = (0L, 0.0);
        for (var at = 0; at < order.Length;)
        {
            var end = at;
            while (end < order.Length && scores[order[end]] == scores[order[at]])
                end++;
            var rank = (at + 1 + end) / 2.0;
            for (; at < end; at++)
            {
                if (!strange[order[at]])
                    continue;
                positives++;
                ranks += rank;
            }
        }
        var negatives = scores.Length - positives;
        return positives > 0 && negatives > 0
            ? (ranks - (positives * (positives + 1) / 2.0)) / ((double)positives * negatives)
            : throw new ArgumentException("Both kinds of rows are needed.", nameof(strange));
    }
}
