using System.Runtime.InteropServices;

namespace Forewarn.Analytics;

/// <summary>
/// A straight line through points: least squares says how straight they are, Theil-Sen (Sen 1968: median of pairwise
/// slopes) how steep and, by a low quantile of those slopes, whether it surely rises. What is left over the line, with
/// its autocorrelation, says how far off the line may be ahead.
/// </summary>
/// <param name="Slope">Units per second.</param>
/// <param name="SlopeLow">A fifth of the pairwise slopes lies below.</param>
/// <param name="Level">The line at <paramref name="Time"/>.</param>
/// <param name="Time">Time of the newest point, seconds.</param>
/// <param name="Span">Seconds from the oldest point to the newest.</param>
/// <param name="Spread">Deviation of a mean of all points, in units.</param>
/// <param name="Straightness">Share of variance on a least-squares line.</param>
/// <param name="Points">How many.</param>
[StructLayout(LayoutKind.Auto)]
readonly record struct TrendFit(double Slope, double SlopeLow, double Level, double Time, double Span, double Spread, double Straightness, int Points)
{
    public const int MaxPoints = 60;

    /// <summary>No trend is forced to go on: its slope is never surer than this share of itself.</summary>
    const double SlopeDoubt = 0.1;

    const int LeastForLevel = 8;
    const double MostAutocorrelation = 0.9;

    /// <summary>The line at a time.</summary>
    public double At(double time) => Level + (Slope * (time - Time));

    /// <summary>Deviation of the line at a time not before <see cref="Time"/>: of a fitted line's end and slope, with the doubt on top.</summary>
    public double DeviationAt(double time)
    {
        // Least squares: var = spread^2 (4 + 12 x + 12 x^2), x ahead in spans. Theil-Sen is nearly as sharp.
        var ahead = (time - Time) / Span;
        var line = Spread * Spread * (4 + (12 * ahead) + (12 * ahead * ahead));
        var doubt = SlopeDoubt * Slope * (time - Time);
        return Math.Sqrt(line + (doubt * doubt));
    }

    /// <summary>Deviation where the line meets the limit, as a share of the rise until there: the smaller, the surer.</summary>
    public double DoubtOf(double limit)
    {
        var rise = Math.Max(limit - Level, double.Epsilon);
        return DeviationAt(Time + (rise / Slope)) / rise;
    }

    /// <summary>Share of variance on a least-squares line that rises, 0 when it falls; cheap, so it is asked first.</summary>
    public static double RisingStraightness(ReadOnlySpan<double> times, ReadOnlySpan<double> values)
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

        return tt <= 0 || vv <= 0 || tv <= 0 ? 0 : tv * tv / (tt * vv);
    }

    /// <summary>Share of variance that one upward step between two levels explains, where it explains most.</summary>
    public static double StepShare(ReadOnlySpan<double> values)
    {
        double total = 0, squares = 0;
        foreach (var value in values)
        {
            total += value;
        }

        var mean = total / values.Length;
        foreach (var value in values)
        {
            squares += (value - mean) * (value - mean);
        }

        double before = 0, most = 0;
        for (var i = 1; i < values.Length; i++)
        {
            before += values[i - 1] - mean;

            // Means of the two sides are -|before|/i and |before|/(n-i) when it rises.
            most = before < 0 ? Math.Max(most, before * before * (1.0 / i + (1.0 / (values.Length - i)))) : most;
        }

        return squares > 0 ? most / squares : 0;
    }

    /// <param name="times">Seconds, strictly ascending, 15 to <see cref="MaxPoints"/>.</param>
    /// <param name="values">One per time.</param>
    /// <param name="straightness">What <see cref="RisingStraightness"/> gave.</param>
    public static TrendFit Of(ReadOnlySpan<double> times, ReadOnlySpan<double> values, double straightness)
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
        Span<double> levels = stackalloc double[MaxPoints];
        levels = levels[..times.Length];
        for (var i = 0; i < times.Length; i++)
        {
            levels[i] = values[i] + (slope * (times[^1] - times[i]));
        }

        var spread = SpreadOf(levels);

        // Middle of the intercepts of the newer half, read off at the newest point: one odd last value must not move the
        // forecast, and a bend long ago must not either.
        var newer = levels[^Math.Max(LeastForLevel, levels.Length / 2)..];
        newer.Sort();
        return new TrendFit(slope, slopes[count / 5], MiddleMean(newer), times[^1], times[^1] - times[0], spread, straightness, times.Length);
    }

    /// <summary>Mean of the middle half.</summary>
    static double MiddleMean(ReadOnlySpan<double> sorted)
    {
        var cut = sorted.Length / 4;
        double sum = 0;
        foreach (var value in sorted[cut..^cut])
        {
            sum += value;
        }

        return sum / (sorted.Length - (2 * cut));
    }

    /// <summary>Deviation of the mean of the residuals: robust scale, first-order autocorrelation.</summary>
    static double SpreadOf(ReadOnlySpan<double> residuals)
    {
        Span<double> sorted = stackalloc double[MaxPoints];
        sorted = sorted[..residuals.Length];
        residuals.CopyTo(sorted);
        sorted.Sort();
        var median = sorted[sorted.Length / 2];
        for (var i = 0; i < sorted.Length; i++)
        {
            sorted[i] = Math.Abs(residuals[i] - median);
        }

        sorted.Sort();
        var scale = 1.4826 * sorted[sorted.Length / 2];
        if (scale <= 0)
        {
            return 0;
        }

        double squares = 0, products = 0;
        for (var i = 0; i < residuals.Length; i++)
        {
            var now = Clip(residuals[i]);
            squares += now * now;
            products += i > 0 ? now * Clip(residuals[i - 1]) : 0;
        }

        var correlation = squares > 0 ? Math.Clamp(products / squares, 0, MostAutocorrelation) : 0;
        return scale * Math.Sqrt((1 + correlation) / (1 - correlation) / residuals.Length);

        double Clip(double residual) => Math.Clamp(residual - median, -3 * scale, 3 * scale);
    }
}
