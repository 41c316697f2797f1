namespace Forewarn.Analytics;

/// <summary>How a quantity was distributed where a model learned: what live values are compared with.</summary>
/// <param name="Edges">Upper ends of all bins but the last, inclusive, ascending.</param>
/// <param name="Shares">Share of the values in each bin; one more than edges.</param>
public sealed record ReferenceHistogram(float[] Edges, double[] Shares)
{
    /// <summary>More than these are no bins but values.</summary>
    public const int MaxBins = 32;

    const int Parts = 10;

    // Further out quantiles rest on few values, and so would what is compared with them.
    static readonly double[] InnerLevels = [0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95];

    /// <summary>Ten bins of about equal share; fewer where many values are the same.</summary>
    public static ReferenceHistogram FromValues(ReadOnlySpan<float> values)
    {
        var sorted = values.ToArray();
        Array.Sort(sorted);
        var edges = new List<float>(Parts - 1);
        for (var i = 1; i < Parts; i++)
        {
            var edge = sorted[Math.Min(i * sorted.Length / Parts, sorted.Length - 1)];
            if (edges.Count == 0 || edge > edges[^1])
            {
                edges.Add(edge);
            }
        }

        var histogram = new ReferenceHistogram([.. edges], new double[edges.Count + 1]);
        foreach (var value in sorted)
        {
            histogram.Shares[histogram.BinOf(value)]++;
        }

        for (var bin = 0; bin < histogram.Shares.Length; bin++)
        {
            histogram.Shares[bin] /= sorted.Length;
        }

        return histogram;
    }

    /// <summary>One histogram for each column of row-major rows.</summary>
    public static IReadOnlyList<ReferenceHistogram> FromRows(ReadOnlySpan<float> rows, int width)
    {
        var histograms = new ReferenceHistogram[width];
        var values = new float[rows.Length / width];
        for (var column = 0; column < width; column++)
        {
            for (var row = 0; row < values.Length; row++)
            {
                values[row] = rows[(row * width) + column];
            }

            histograms[column] = FromValues(values);
        }

        return histograms;
    }

    /// <summary>The distribution of scores that a model's calibration rests on.</summary>
    public static ReferenceHistogram FromPrior(CalibrationPrior prior)
    {
        ArgumentNullException.ThrowIfNull(prior);
        var (edges, shares, before) = (new List<float>(), new List<double>(), 0.0);
        for (var i = 0; i < prior.Quantiles.Length; i++)
        {
            var level = CalibrationPrior.Levels[i];
            if (!InnerLevels.Contains(level))
            {
                continue;
            }

            if (edges.Count > 0 && prior.Quantiles[i] <= edges[^1])
            {
                // Scores that fall together: the bin below takes their share.
                shares[^1] += level - before;
            }
            else
            {
                edges.Add(prior.Quantiles[i]);
                shares.Add(level - before);
            }

            before = level;
        }

        return new ReferenceHistogram([.. edges], [.. shares, 1 - before]);
    }

    /// <summary>Index of the bin that holds a value; a value that is no number belongs to the last.</summary>
    public int BinOf(float value)
    {
        var bin = 0;
        while (bin < Edges.Length && !(value <= Edges[bin]))
        {
            bin++;
        }

        return bin;
    }
}
