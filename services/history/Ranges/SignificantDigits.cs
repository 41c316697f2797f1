using System.Globalization;

namespace Forewarn.History.Ranges;

/// <summary>Seven significant digits are more than a chart can show, and a third of the JSON that all of them need.</summary>
static class SignificantDigits
{
    const int Digits = 7;

    /// <summary>Powers of ten up to 10^22 are exact.</summary>
    static readonly double[] Powers = [.. Enumerable.Range(0, 23).Select(exponent => double.Parse($"1e{exponent}", CultureInfo.InvariantCulture))];

    /// <summary>The double nearest to <paramref name="value"/> in seven decimal digits.</summary>
    public static double Round(double value)
    {
        if (value == 0 || !double.IsFinite(value))
            return value;
        var exponent = (int)Math.Floor(Math.Log10(Math.Abs(value))) - (Digits - 1);
        return exponent switch
        {
            // One division or multiplication by an exact power gives the nearest double.
            <= 0 and >= -22 => Math.Round(value * Powers[-exponent]) / Powers[-exponent],
            > 0 and <= 22 => Math.Round(value / Powers[exponent]) * Powers[exponent],
            _ => double.Parse(value.ToString("G7", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture),
        };
    }
}
