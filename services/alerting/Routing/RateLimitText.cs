using System.Globalization;
using Forewarn.Hosting;

namespace Forewarn.Alerting.Routing;

/// <summary>Limits as people write them: <c>10 per 1h</c>.</summary>
public static class RateLimitText
{
    /// <summary>Each incident within a limit is remembered for its time.</summary>
    public const int MostCount = 1000;

    static readonly TimeSpan Least = TimeSpan.FromMinutes(1);
    static readonly TimeSpan Most = TimeSpan.FromDays(7);

    /// <summary>Null when it cannot be read.</summary>
    public static RateLimit? Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [var count, "per", var time]
            && int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 1 and <= MostCount
            && DurationText.Parse(time) is { } per && per >= Least && per <= Most
                ? new RateLimit(number, per)
                : null;
    }

    public static string Format(RateLimit limit)
    {
        ArgumentNullException.ThrowIfNull(limit);
        return string.Create(CultureInfo.InvariantCulture, $"{limit.Count} per {DurationText.Format(limit.Per)}");
    }
}
