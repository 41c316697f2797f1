using System.Globalization;

namespace Forewarn.Hosting;

/// <summary>Durations as people write them: <c>45s</c>, <c>15m</c>, <c>2h</c>, <c>7d</c>.</summary>
public static class DurationText
{
    const double MostSeconds = 1e8;
    static readonly (char Suffix, int Seconds)[] Units = [('d', 86_400), ('h', 3600), ('m', 60), ('s', 1)];

    public static TimeSpan? Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        foreach (var (suffix, seconds) in Units)
        {
            if (!text.EndsWith(suffix))
                continue;
            return double.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number * seconds <= MostSeconds
                ? TimeSpan.FromSeconds(number * seconds)
                : null;
        }
        return null;
    }

    /// <summary>In the largest unit that gives a whole number.</summary>
    public static string Format(TimeSpan duration)
    {
        var whole = Units.FirstOrDefault(unit => duration.TotalSeconds >= unit.Seconds && duration.TotalSeconds % unit.Seconds == 0);
        return whole.Seconds == 0
            ? string.Create(CultureInfo.InvariantCulture, $"{duration.TotalSeconds:0.###}s")
            : string.Create(CultureInfo.InvariantCulture, $"{duration.TotalSeconds / whole.Seconds:0}{whole.Suffix}");
    }
}
