using System.Runtime.InteropServices;

namespace Forewarn.Analytics;

/// <summary>
/// A straight line through points: least squares says how straight they are, Theil-Sen (Sen 1968: median of pairwise
/// slopes) how steep, and the spread of the pairwise slopes how sure that is.
/// </summary>
[StructLayout(LayoutKind.Auto)]
readonly record struct TrendFit(double Slope, double SlopeLow, double SlopeHigh, double Level, double Quality)
{
    public const int MaxPoints = 60;

    /// <summary>Share of variance on a least-squares line; cheap, so it is asked first.</summary>
    public static double Straightness(ReadOnlySpan<double> times, ReadOnlySpan<double> values)
    {
        double meanT = 0, meanV = 0;
        for (var i = 0; i < times.Length; i++)
        {
            meanT += times[i];
            meanV += values[i];
        }

        meanT /= times.Length;
        meanV /= times.Length;
        double tt = 0, tv = 0, vv = 0;
        for (var i = 0; i < times.Length; i++)
        {
            double t = times[i] - meanT, v = values[i] - meanV;
            tt += t * t;
            tv += t * v;
            vv += v * v;
        }

        return tt <= 0 || vv <= 0 ? 0 : tv * tv / (tt * vv);
    }

    /// <param name="times">Seconds, strictly ascending, at most <see cref="MaxPoints"/>.</param>
    /// <param name="values">One per time.</param>
    /// <param name="quality">What <see cref="Straightness"/> gave.</param>
    public static TrendFit Of(ReadOnlySpan<double> times, ReadOnlySpan<double> values, double quality)
    {
        Span<double> slopes = stackalloc double[MaxPoints * (MaxPoints - 1) / 2];
        var count = 0;
        for (var i = 1; i < times.Length; i++)
        {
            for (var j = 0; j < i; j++)
            {
                slopes[count++] = (values[i] - values[j]) / (times[i] - times[j]);
            }
        }

        slopes = slopes[..count];
        slopes.Sort();
        var slope = slopes[count / 2];

        // Median intercept, read off at the newest point: one odd last value must not move the forecast.
        Span<double> levels = stackalloc double[MaxPoints];
        levels = levels[..times.Length];
        for (var i = 0; i < times.Length; i++)
        {
            levels[i] = values[i] + (slope * (times[^1] - times[i]));
        }

        levels.Sort();
        return new TrendFit(slope, slopes[count / 5], slopes[count * 4 / 5], levels[levels.Length / 2], quality);
    }
}
