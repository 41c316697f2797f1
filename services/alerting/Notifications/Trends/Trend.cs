using Forewarn.Contracts;

namespace Forewarn.Alerting.Notifications;

/// <summary>The last minutes of a series, evenly spaced.</summary>
/// <param name="Name">Of the series, with the values of its labels.</param>
/// <param name="Points">Oldest first; NaN = nothing was measured.</param>
/// <param name="Caption">What the points are, for those who do not see them.</param>
public sealed record Trend(string Name, IReadOnlyList<double> Points, string Caption)
{
    const string Blocks = "▁▂▃▄▅▆▇█";

    /// <summary>Null when there is too little to draw.</summary>
    public static Trend? Of(RangeResult range, int points)
    {
        if (range.Series is not [var series, ..] || series.Mean.Count(double.IsFinite) < 2)
            return null;
        var values = Condense(series.Mean, points);
        var finite = values.Where(double.IsFinite).ToList();
        var name = SeriesName.Of(series.Name, series.Labels);
        var spread = Quantity.Range(finite.Min(), finite.Max(), series.Name, series.Unit);
        var time = Moments.Span(range.T[^1] - range.T[0] + range.StepMs);
        return new Trend(name, values, $"{name} over the last {time}: {spread}, last {Quantity.Of(finite[^1], series.Name, series.Unit)}");
    }

    /// <summary>Heights from 0 (the lowest) to 1 (the highest); NaN stays. A flat line lies in the middle.</summary>
    public IReadOnlyList<double> Heights()
    {
        var (low, high) = (Points.Where(double.IsFinite).Min(), Points.Where(double.IsFinite).Max());
        return [.. Points.Select(value => high > low ? (value - low) / (high - low) : double.IsNaN(value) ? value : 0.5)];
    }

    /// <summary>One character a point; a space where nothing was measured.</summary>
    public string ToBlocks() => string.Concat(Heights().Select(height => double.IsNaN(height) ? ' ' : Blocks[(int)Math.Round(height * (Blocks.Length - 1))]));

    /// <summary>Of the values that share a point the one farthest from their middle is drawn: a spike must not be averaged away.</summary>
    static double[] Condense(double[] values, int points)
    {
        if (values.Length <= points)
            return values;
        var middle = values.Where(double.IsFinite).Average();
        var condensed = new double[points];
        for (var i = 0; i < points; i++)
        {
            var (from, to) = (i * values.Length / points, (i + 1) * values.Length / points);
            condensed[i] = values[from..to].Where(double.IsFinite).DefaultIfEmpty(double.NaN).MaxBy(value => Math.Abs(value - middle));
        }
        return condensed;
    }
}
