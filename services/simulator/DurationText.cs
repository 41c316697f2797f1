using System.Globalization;

namespace Forewarn.Simulator;

/// <summary>Durations as people type them: <c>500ms</c>, <c>90s</c>, <c>15m</c>, <c>2h</c>; a bare number is seconds.</summary>
static class DurationText
{
    static readonly (string Suffix, double Seconds)[] _units = [("ms", 0.001), ("s", 1), ("m", 60), ("h", 3600), ("", 1)];

    public static bool TryParse(string text, out TimeSpan duration)
    {
        duration = default;
        foreach (var (suffix, seconds) in _units)
        {
            if (!text.EndsWith(suffix, StringComparison.Ordinal))
                continue;
            if (!double.TryParse(text[..^suffix.Length], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) || number > 1e7)
                return false;
            duration = TimeSpan.FromSeconds(number * seconds);
            return true;
        }
        return false;
    }
}
