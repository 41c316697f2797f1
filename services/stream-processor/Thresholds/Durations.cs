using System.Globalization;

namespace Forewarn.StreamProcessor;

/// <summary>Spans of time as people write and read them: 30s, 1.5m; 30 s, 2 min.</summary>
static class Durations
{
    static readonly (string Unit, double Ms)[] Units = [("ms", 1), ("s", 1000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000)];

    /// <summary>A number and one of ms, s, m, h, d.</summary>
    public static bool TryParse(string text, out long ms)
    {
        ms = 0;
        var digits = text.AsSpan().TrimEnd("abcdefghijklmnopqrstuvwxyz");
        var unit = text.AsSpan(digits.Length);
        foreach (var (name, size) in Units)
        {
            if (!unit.SequenceEqual(name))
                continue;
            if (!double.TryParse(digits.TrimEnd(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) || number * size > long.MaxValue / 2)
                return false;
            ms = (long)Math.Round(number * size);
            return true;
        }
        return false;
    }

    public static string Say(long ms) => ms switch
    {
        >= 7_200_000 => Of(ms / 3_600_000.0, "h"),
        >= 120_000 or 60_000 => Of(ms / 60_000.0, "min"),
        _ => Of(ms / 1000.0, "s"),
    };

    static string Of(double number, string unit) => string.Create(CultureInfo.InvariantCulture, $"{Math.Round(number):0} {unit}");
}
