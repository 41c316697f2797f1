using System.Globalization;

namespace Forewarn.Alerting.Routing;

/// <summary>Times of the week as people write them: <c>Mon-Fri 09:00-17:00</c>, <c>Sat,Sun 00:00-24:00</c>, <c>daily 22:00-06:00</c>.</summary>
public static class HoursText
{
    static readonly DayOfWeek[] Week =
        [DayOfWeek.Monday, DayOfWeek.Tuesday, DayOfWeek.Wednesday, DayOfWeek.Thursday, DayOfWeek.Friday, DayOfWeek.Saturday, DayOfWeek.Sunday];

    /// <summary>Null when it cannot be read.</summary>
    public static Hours? Parse(string text, TimeZoneInfo zone)
    {
        ArgumentNullException.ThrowIfNull(text);
        var parts = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length != 2 || Days(parts[0]) is not { } days)
            return null;
        var times = parts[1].Split('-');
        return times.Length == 2 && Time(times[0]) is { } from && Time(times[1], mayEndTheDay: true) is { } to ? new Hours(days, from, to, zone) : null;
    }

    /// <summary>As <see cref="Parse"/> reads it, with the zone behind it.</summary>
    public static string Format(Hours hours)
    {
        ArgumentNullException.ThrowIfNull(hours);
        var days = hours.Days.Count == Week.Length ? "daily" : string.Join(',', hours.Days.Select(Short));
        var end = hours.To == TimeOnly.MinValue ? "24:00" : hours.To.ToString("HH:mm", CultureInfo.InvariantCulture);
        return string.Create(CultureInfo.InvariantCulture, $"{days} {hours.From:HH:mm}-{end} {hours.Zone.Id}");
    }

    static List<DayOfWeek>? Days(string text)
    {
        if (text.Equals("daily", StringComparison.OrdinalIgnoreCase))
            return [.. Week];
        var days = new HashSet<DayOfWeek>();
        foreach (var range in text.Split(','))
        {
            var ends = range.Split('-').Select(Day).ToList();
            if (ends.Count > 2 || ends.Contains(-1))
                return null;
            // Sat-Mon goes round the end of the week.
            for (var i = ends[0]; ; i = (i + 1) % Week.Length)
            {
                days.Add(Week[i]);
                if (i == ends[^1])
                    break;
            }
        }
        return [.. Week.Where(days.Contains)];
    }

    static int Day(string text) => Array.FindIndex(Week, day => Short(day).Equals(text, StringComparison.OrdinalIgnoreCase));

    static string Short(DayOfWeek day) => day.ToString()[..3];

    static TimeOnly? Time(string text, bool mayEndTheDay = false) =>
        mayEndTheDay && text == "24:00" ? TimeOnly.MinValue
        : TimeOnly.TryParseExact(text, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) ? time : null;
}
