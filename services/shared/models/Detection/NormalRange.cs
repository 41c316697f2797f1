using Forewarn.Analytics;
using Forewarn.Contracts;

namespace Forewarn.Models;

/// <summary>What is normal for a series now: three robust deviations around its baseline, within what it can be.</summary>
public static class NormalRange
{
    const double Deviations = 3;

    /// <param name="column">The series.</param>
    /// <param name="features">Its features, <see cref="FeatureSpec.Count"/> long.</param>
    /// <returns>NaN for a masked series.</returns>
    public static (double Low, double High) Of(SeriesColumn column, ReadOnlySpan<float> features) =>
        Of(column, features[FeatureSpec.Value], features[FeatureSpec.Baseline], features[FeatureSpec.Scale]);

    /// <inheritdoc cref="Of(SeriesColumn, ReadOnlySpan{float})"/>
    public static (double Low, double High) Of(SeriesColumn column, double value, double baseline, double scale)
    {
        double low = baseline - (Deviations * scale), high = baseline + (Deviations * scale);

        // Plus and minus three deviations may promise what the series cannot be.
        if (baseline >= 0 && value >= 0)
            low = Math.Max(low, 0);
        if (BreachWatch.LimitOf(column) is { } limit && baseline <= limit)
            high = Math.Min(high, limit);
        return (low, high);
    }
}
