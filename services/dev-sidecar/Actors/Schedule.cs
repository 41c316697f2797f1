using System.Globalization;
using System.Text.Json;
using System.Xml;
using DevSidecar.Api;
using DevSidecar.Components;

namespace DevSidecar.Actors;

/// <summary>When a timer or reminder fires: first after <paramref name="Due"/>, then every period, at most so many times, for so long.</summary>
sealed record Schedule(TimeSpan Due, TimeSpan? Period, int Repeats, TimeSpan? TimeToLive)
{
    /// <summary>Reads dueTime, period and ttl: Go durations, the SDK's <c>0h0m1s0ms</c>, ISO 8601 (<c>R3/PT1S</c>), <c>@every</c>, RFC 3339 times.</summary>
    /// <exception cref="ApiException">400: a text is none of these. ISO periods with days or longer are refused, as daprd does.</exception>
    public static Schedule Parse(JsonElement request, DateTimeOffset now)
    {
        var due = Text(request, "dueTime") is { Length: > 0 } dueText ? Offset(dueText, now, "dueTime") : TimeSpan.Zero;
        var (period, repeats) = ParsePeriod(Text(request, "period") ?? "");
        var ttl = Text(request, "ttl") is { Length: > 0 } ttlText ? Offset(ttlText, now, "ttl") : (TimeSpan?)null;
        if (ttl <= TimeSpan.Zero)
        {
            throw ApiException.BadRequest("ttl lies in the past");
        }

        return new(due < TimeSpan.Zero ? TimeSpan.Zero : due, period, repeats, ttl);
    }

    static (TimeSpan? Period, int Repeats) ParsePeriod(string text)
    {
        var repeats = int.MaxValue;
        if (text.StartsWith('R'))
        {
            var slash = text.IndexOf('/', StringComparison.Ordinal);
            var count = slash < 0 ? text.AsSpan(1) : text.AsSpan(1, slash - 1);
            if (!count.IsEmpty && (!int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out repeats) || repeats == 0))
            {
                throw ApiException.BadRequest($"period '{text}' is malformed");
            }

            text = slash < 0 ? "" : text[(slash + 1)..];
        }

        if (text.StartsWith("@every ", StringComparison.Ordinal))
        {
            text = text[7..];
        }

        if (text.Length == 0)
        {
            return (null, 1);
        }

        var period = Duration(text) ?? throw ApiException.BadRequest($"period '{text}' is no duration");
        return period > TimeSpan.Zero ? (period, repeats) : (null, 1);
    }

    static TimeSpan Offset(string text, DateTimeOffset now, string name)
    {
        if (Duration(text) is { } duration)
        {
            return duration;
        }

        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time - now
            : throw ApiException.BadRequest($"{name} '{text}' is neither a duration nor a time");
    }

    static TimeSpan? Duration(string text)
    {
        if (!text.StartsWith('P'))
        {
            return GoDuration.TryParse(text, out var value) ? value : null;
        }

        if (text.AsSpan(0, Math.Max(0, text.IndexOf('T', StringComparison.Ordinal)) is var t && t > 0 ? t : text.Length).ContainsAny("YMWD"))
        {
            throw ApiException.BadRequest($"'{text}': days, weeks, months and years are not supported; use hours, minutes and seconds");
        }

        try
        {
            return XmlConvert.ToTimeSpan(text);
        }
        catch (FormatException)
        {
            return null;
        }
    }

    static string? Text(JsonElement request, string name) =>
        request.ValueKind == JsonValueKind.Object && request.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
