namespace Forewarn.Analytics;

/// <summary>How improbable a count of rare, independent events is.</summary>
public static class PoissonTail
{
    /// <summary>P(X >= <paramref name="count"/>) for X Poisson with this mean: the sum of its terms, smallest last.</summary>
    public static double AtLeast(long count, double mean)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(mean);
        if (count <= 0)
        {
            return 1;
        }

        if (mean == 0)
        {
            return 0;
        }

        // Below the mean the terms to leave out are fewer than those to add, and the difference is not small.
        if (count <= mean)
        {
            return 1 - Sum(count - 1, mean, step: -1);
        }

        return Math.Min(1, Sum(count, mean, step: 1));
    }

    static double Sum(long from, double mean, int step)
    {
        var term = Math.Exp((from * Math.Log(mean)) - mean - LogFactorial(from));
        double sum = 0;
        for (var i = from; i >= 0 && term > sum * 1e-17; i += step)
        {
            sum += term;
            term *= step > 0 ? mean / (i + 1) : i / mean;
        }

        return sum;
    }

    static double LogFactorial(long n)
    {
        // Stirling's series is exact to twelve digits from here on.
        if (n > 20)
        {
            double x = n;
            return (x * Math.Log(x)) - x + (0.5 * Math.Log(2 * Math.PI * x)) + (1 / (12 * x)) - (1 / (360 * x * x * x));
        }

        double sum = 0;
        for (var i = 2; i <= n; i++)
        {
            sum += Math.Log(i);
        }

        return sum;
    }
}
