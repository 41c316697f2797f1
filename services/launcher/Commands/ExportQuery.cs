using System.Globalization;

namespace Forewarn.Launcher.Commands;

/// <summary>The question that <c>export</c> asks the gateway, from what a person writes.</summary>
sealed class ExportQuery
{
    readonly List<string> _parts = [];

    /// <summary>Path and query at the gateway.</summary>
    public string Path => "api/export?" + string.Join('&', _parts);

    public ExportQuery With(string name, params IEnumerable<string?> values)
    {
        foreach (var value in values.Where(value => !string.IsNullOrEmpty(value)))
            _parts.Add($"{name}={Uri.EscapeDataString(value!)}");
        return this;
    }

    /// <summary>A time as unix milliseconds: <c>now</c>, a while ago (<c>90m</c>, <c>2d</c>), ISO 8601, or unix milliseconds.</summary>
    /// <exception cref="LauncherException">It is none of these.</exception>
    public static long TimeOf(string option, string text, DateTimeOffset now)
    {
        if (text == "now")
            return now.ToUnixTimeMilliseconds();
        if (TryReadDuration(text, out var ago) && now.ToUnixTimeMilliseconds() - ago is >= 0 and var then)
            return then;
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var ms))
            return ms;
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)
            ? at.ToUnixTimeMilliseconds()
            : throw new LauncherException(
                $"{option} {text} is no time: write now, a while ago as 90m, 6h or 2d, 2026-03-10T12:00:00Z, or unix milliseconds.", ExitCodes.Usage);
    }

    /// <summary>A step in milliseconds: <c>10s</c>, <c>1m</c>, <c>1h</c>, <c>1d</c>, or a number of them.</summary>
    /// <exception cref="LauncherException">It is none of these.</exception>
    public static long StepOf(string text) =>
        TryReadDuration(text, out var step) || long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out step)
            ? step
            : throw new LauncherException($"--step {text} is no step: write 10s, 1m, 1h, 1d, or milliseconds.", ExitCodes.Usage);

    /// <summary><c>10s</c>, <c>90m</c>, <c>6h</c>, <c>2d</c> in milliseconds.</summary>
    public static bool TryReadDuration(string text, out long ms)
    {
        var unit = text.Length < 2 ? 0 : text[^1] switch { 's' => 1_000L, 'm' => 60_000, 'h' => 3_600_000, 'd' => 86_400_000, _ => 0 };
        var valid = long.TryParse(text.AsSpan(0, Math.Max(0, text.Length - 1)), NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            && unit > 0 && count <= long.MaxValue / unit;
        ms = valid ? count * unit : 0;
        return valid;
    }
}
