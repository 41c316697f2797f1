using System.Globalization;

namespace Forewarn.Alerting.Notifications;

/// <summary>Times and spans as people read them, the same in every channel. Times are UTC and say so: a receiver's zone is not known.</summary>
static class Moments
{
    /// <summary><c>14:32:10 UTC</c>, or with the date where it is another day than <paramref name="now"/>.</summary>
    /// <param name="at">Unix milliseconds.</param>
    /// <param name="now">Unix milliseconds.</param>
    public static string At(long at, long now)
    {
        var (time, today) = (DateTimeOffset.FromUnixTimeMilliseconds(at), DateTimeOffset.FromUnixTimeMilliseconds(now));
        return time.Date == today.Date
            ? time.ToString("HH:mm:ss 'UTC'", CultureInfo.InvariantCulture)
            : time.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);
    }

    /// <summary><c>2026-11-28 14:32:10 UTC</c></summary>
    /// <param name="at">Unix milliseconds.</param>
    public static string Full(long at) => DateTimeOffset.FromUnixTimeMilliseconds(at).ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);

    /// <summary><c>45 s</c>, <c>12 min</c>, <c>3.5 h</c>, <c>2.1 days</c>.</summary>
    public static string Span(double milliseconds) => Math.Max(0, milliseconds / 1000) switch
    {
        < 90 and var seconds => string.Create(CultureInfo.InvariantCulture, $"{seconds:0} s"),
        < 5_400 and var seconds => string.Create(CultureInfo.InvariantCulture, $"{seconds / 60:0.#} min"),
        < 172_800 and var seconds => string.Create(CultureInfo.InvariantCulture, $"{seconds / 3600:0.#} h"),
        var seconds => string.Create(CultureInfo.InvariantCulture, $"{seconds / 86_400:0.#} days"),
    };
}
