namespace Forewarn.Analytics;

/// <summary>An interval that a figure lies in if other series of the same kind had been drawn.</summary>
public readonly record struct Interval(double Low, double High);

/// <summary>A figure of series that were drawn: how often each.</summary>
public delegate double WeightedFigure(ReadOnlySpan<int> weights);

/// <summary>Percentile bootstrap over whole series (Efron 1979): points of one series resemble each other and are no sample of their own.</summary>
public static class Bootstrap
{
    public const int Resamples = 200;

    /// <summary>The 95 % interval; the same seed gives the same one. Draws without a value (no event among them) are left out; NaN when none has one.</summary>
    /// <param name="count">Series.</param>
    /// <param name="figure">Computes the figure for one draw.</param>
    /// <param name="seed">Of the draws.</param>
    /// <param name="resamples">Number of draws.</param>
    public static Interval Interval95(int count, WeightedFigure figure, int seed = 1, int resamples = Resamples)
    {
        ArgumentNullException.ThrowIfNull(figure);
        ArgumentOutOfRangeException.ThrowIfLessThan(resamples, 1);
        var random = new SeededRandom(seed);
        var weights = new int[count];
        var values = new List<double>(resamples);
        for (var draw = 0; draw < resamples; draw++)
        {
            Array.Clear(weights);
            for (var i = 0; i < count; i++)
            {
                weights[random.NextInt(count)]++;
            }

            if (figure(weights) is var value && double.IsFinite(value))
            {
                values.Add(value);
            }
        }

        values.Sort();
        return values.Count == 0 ? new Interval(double.NaN, double.NaN) : new Interval(Quantile(values, 0.025), Quantile(values, 0.975));
    }

    /// <summary>Mean of those values that are one, each as often as its weight says; NaN when there is none.</summary>
    public static double Mean(ReadOnlySpan<double> values, ReadOnlySpan<int> weights)
    {
        double sum = 0, count = 0;
        for (var i = 0; i < values.Length; i++)
        {
            if (double.IsFinite(values[i]))
            {
                sum += weights[i] * values[i];
                count += weights[i];
            }
        }

        return count > 0 ? sum / count : double.NaN;
    }

    /// <summary>Linear between neighbours; of ascending values.</summary>
    public static double Quantile(IReadOnlyList<double> sorted, double share)
    {
        ArgumentNullException.ThrowIfNull(sorted);
        if (sorted.Count == 0)
        {
            return double.NaN;
        }

        var at = share * (sorted.Count - 1);
        var below = (int)at;
        return below + 1 < sorted.Count ? sorted[below] + ((at - below) * (sorted[below + 1] - sorted[below])) : sorted[below];
    }
}
