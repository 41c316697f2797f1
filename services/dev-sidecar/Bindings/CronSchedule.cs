using Cronos;
using DevSidecar.Components;

namespace DevSidecar.Bindings;

/// <summary>
/// When a cron binding fires: five or six fields (seconds first), <c>@daily</c> and its like, <c>@every 15s</c>. Fields are
/// in the machine's time zone, or in that of a leading <c>CRON_TZ=</c> or <c>TZ=</c>.
/// </summary>
sealed class CronSchedule
{
    readonly CronExpression? _expression;
    readonly TimeSpan _every;
    readonly TimeZoneInfo? _zone;

    CronSchedule(CronExpression? expression, TimeSpan every, TimeZoneInfo? zone) => (_expression, _every, _zone) = (expression, every, zone);

    /// <exception cref="FormatException">None of these forms.</exception>
    public static CronSchedule Parse(string text)
    {
        TimeZoneInfo? zone = null;
        text = text.Trim();
        if (text.StartsWith("CRON_TZ=", StringComparison.Ordinal) || text.StartsWith("TZ=", StringComparison.Ordinal))
        {
            var end = text.IndexOf(' ', StringComparison.Ordinal);
            var name = text[(text.IndexOf('=', StringComparison.Ordinal) + 1)..(end < 0 ? text.Length : end)];
            zone = TimeZoneInfo.TryFindSystemTimeZoneById(name, out var found) ? found : throw new FormatException($"time zone '{name}' is unknown");
            text = end < 0 ? "" : text[end..].Trim();
        }

        if (text.StartsWith("@every ", StringComparison.Ordinal))
        {
            // Whole seconds, at least one: daprd's clock is no finer.
            return GoDuration.TryParse(text[7..], out var every) && every > TimeSpan.Zero
                ? new(null, TimeSpan.FromSeconds(Math.Max(1, Math.Floor(every.TotalSeconds))), zone)
                : throw new FormatException($"'{text[7..]}' is not a duration");
        }

        var fields = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length;
        try
        {
            return new(CronExpression.Parse(text, fields == 6 ? CronFormat.IncludeSeconds : CronFormat.Standard), TimeSpan.Zero, zone);
        }
        catch (CronFormatException e)
        {
            throw new FormatException(e.Message, e);
        }
    }

    /// <summary>The first time after <paramref name="now"/>; null when there is none any more.</summary>
    public DateTimeOffset? Next(DateTimeOffset now, TimeZoneInfo local) =>
        _expression is null ? now + _every : _expression.GetNextOccurrence(now, _zone ?? local);
}
