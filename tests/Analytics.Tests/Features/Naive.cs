namespace Forewarn.Analytics.Tests.Features;

/// <summary>The same statistics, computed the obvious way.</summary>
static class Naive
{
    public static double Mean(IReadOnlyList<double> values, int window) => values.Skip(Math.Max(0, values.Count - window)).Average();

    public static double Std(IReadOnlyList<double> values, int window)
    {
        var used = values.Skip(Math.Max(0, values.Count - window)).ToArray();
        var mean = used.Average();
        return Math.Sqrt(used.Average(v => (v - mean) * (v - mean)));
    }

    public static double Quantile(IEnumerable<double> values, double level)
    {
        var sorted = values.Order().ToArray();
        var at = level * (sorted.Length - 1);
        var low = (int)Math.Floor(at);
        var high = Math.Min(low + 1, sorted.Length - 1);
        return sorted[low] + ((at - low) * (sorted[high] - sorted[low]));
    }
}
