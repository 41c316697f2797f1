using System.Globalization;

namespace DevSidecar.Components;

/// <summary>Durations as Go and Dapr write them: <c>5s</c>, <c>1m30s</c>, <c>200ms</c>, <c>0h0m1s250ms</c>.</summary>
static class GoDuration
{
    static readonly System.Buffers.SearchValues<char> Digits = System.Buffers.SearchValues.Create("0123456789.");

    public static bool TryParse(string? text, out TimeSpan value)
    {
        value = TimeSpan.Zero;
        if (string.IsNullOrWhiteSpace(text))
        {
            return false;
        }

        var rest = text.AsSpan().Trim();
        var negative = rest[0] == '-';
        if (rest[0] is '-' or '+')
        {
            rest = rest[1..];
        }

        if (rest is "0")
        {
            return true;
        }

        double ticks = 0;
        while (rest.Length > 0)
        {
            var digits = rest.IndexOfAnyExcept(Digits);
            if (digits <= 0 || !double.TryParse(rest[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
            {
                return false;
            }

            rest = rest[digits..];
            var unitLength = rest.IndexOfAny(Digits);
            var unit = unitLength < 0 ? rest : rest[..unitLength];
            var scale = unit switch
            {
                "h" => TimeSpan.TicksPerHour,
                "m" => TimeSpan.TicksPerMinute,
                "s" => TimeSpan.TicksPerSecond,
                "ms" => TimeSpan.TicksPerMillisecond,
                "us" or "µs" => TimeSpan.TicksPerMicrosecond,
                "ns" => TimeSpan.TicksPerMicrosecond / 1000d,
                _ => double.NaN,
            };
            if (double.IsNaN(scale))
            {
                return false;
            }

            ticks += number * scale;
            rest = unitLength < 0 ? [] : rest[unitLength..];
        }

        value = TimeSpan.FromTicks((long)(negative ? -ticks : ticks));
        return true;
    }

    /// <summary>Parses or throws a message that names where the text stands.</summary>
    public static TimeSpan Parse(string text, string where) => TryParse(text, out var value)
        ? value
        : throw new SidecarConfigurationException($"{where}: '{text}' is not a duration. Write it like 5s, 200ms or 1m30s.");
}
