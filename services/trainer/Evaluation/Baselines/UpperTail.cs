namespace Forewarn.Trainer;

/// <summary>The upper tail of the standard normal distribution, exact to double precision.</summary>
static class UpperTail
{
    /// <summary>P(Z > z): the series of the error function near the middle, its continued fraction (Lentz) farther out.</summary>
    public static double Of(double z)
    {
        if (z < 0)
            return 1 - Of(-z);
        var density = Math.Exp(-z * z / 2) / Math.Sqrt(2 * Math.PI);
        if (z < 3)
        {
            double term = z, sum = z;
            for (var n = 1; Math.Abs(term) > 1e-17 * sum; n++)
                sum += term *= z * z / ((2 * n) + 1);
            return 0.5 - (density * sum);
        }
        // 1 / (z + 1 / (z + 2 / (z + 3 / ...))), from the far end.
        var fraction = z;
        for (var n = 120; n > 0; n--)
            fraction = z + (n / fraction);
        return density / fraction;
    }
}
