namespace Forewarn.Analytics;

/// <summary>
/// The population stability index: how far a distribution has moved from the one a model was made on, the symmetrised
/// Kullback-Leibler divergence over bins, PSI = sum (a - e) ln(a / e). Below 0.1 is called stable, above 0.2 or 0.25
/// moved (Siddiqi, Credit Risk Scorecards, 2006).
/// </summary>
/// <remarks>
/// Without any drift it is not zero: with n and m independent values in B bins it is distributed about as
/// (1/n + 1/m) chi-squared with B - 1 degrees of freedom (Yurdakul and Naranjo, Journal of Risk Model Validation 14,
/// 2020). Ticks depend on each other, so the n that counts is much smaller than their number: look at hours, not minutes.
/// </remarks>
public static class PopulationStability
{
    /// <summary>An empty bin would make the index infinite.</summary>
    const double LeastShare = 1e-4;

    /// <param name="expected">Shares by bin; they sum up to 1.</param>
    /// <param name="counts">Live values by bin.</param>
    /// <returns>The index; null without any value, or with other bins.</returns>
    public static double? Index(IReadOnlyList<double> expected, IReadOnlyList<long> counts)
    {
        ArgumentNullException.ThrowIfNull(expected);
        ArgumentNullException.ThrowIfNull(counts);
        var total = counts.Sum();
        if (total <= 0 || counts.Count != expected.Count)
        {
            return null;
        }

        double index = 0;
        for (var i = 0; i < counts.Count; i++)
        {
            var (live, reference) = (Math.Max((double)counts[i] / total, LeastShare), Math.Max(expected[i], LeastShare));
            index += (live - reference) * Math.Log(live / reference);
        }

        return index;
    }
}
