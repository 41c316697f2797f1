using System.Globalization;
using System.Text.Json;
using DevSidecar.Api;
using DevSidecar.Components;

namespace DevSidecar.Actors;

/// <summary>What a reminder that failed does: how often its tick is tried again, and how long it waits before. Without a limit, until it succeeds.</summary>
readonly record struct FailurePolicy(TimeSpan Interval, int? MaxRetries)
{
    /// <summary>daprd's, where a reminder names none.</summary>
    public static FailurePolicy Default { get; } = new(TimeSpan.FromSeconds(1), 3);

    /// <summary>The tick is lost.</summary>
    public static FailurePolicy Drop { get; } = new(TimeSpan.Zero, 0);

    /// <summary>
    /// Reads <c>failure_policy</c> (also <c>failurePolicy</c>) of a reminder: <c>{"drop":{}}</c>, or <c>{"constant":{...}}</c> with
    /// <c>interval</c> and <c>maxRetries</c> (also <c>max_retries</c>), the members of the proto <c>JobFailurePolicy</c>.
    /// </summary>
    /// <exception cref="ApiException">400: it is none of these; the message names the member.</exception>
    public static FailurePolicy Parse(JsonElement request)
    {
        if (Member(request, "failure_policy", "failurePolicy") is not { } policy)
        {
            return Default;
        }

        if (policy.ValueKind != JsonValueKind.Object || policy.EnumerateObject().Count() != 1)
        {
            throw Refused("must hold either drop or constant");
        }

        var kind = policy.EnumerateObject().Single();
        if (kind.Value.ValueKind != JsonValueKind.Object)
        {
            throw Refused($"{kind.Name} must be an object");
        }

        switch (kind.Name)
        {
            case "drop":
                RefuseUnknown(kind.Value, "drop");
                return Drop;
            case "constant":
                RefuseUnknown(kind.Value, "constant", "interval", "maxRetries", "max_retries");
                return new(IntervalOf(Member(kind.Value, "interval")), MaxRetriesOf(Member(kind.Value, "maxRetries", "max_retries")));
            default:
                throw Refused($"'{kind.Name}' is unknown; it must hold either drop or constant");
        }
    }

    /// <summary>A Go duration, which the text form of protobuf's durations (<c>1.5s</c>) is too, or <c>{"seconds":1,"nanos":500000000}</c>. Absent: at once.</summary>
    static TimeSpan IntervalOf(JsonElement? element)
    {
        TimeSpan? interval = element switch
        {
            null => TimeSpan.Zero,
            { ValueKind: JsonValueKind.String } text => GoDuration.TryParse(text.GetString()!, out var duration) ? duration : null,
            { ValueKind: JsonValueKind.Object } parts => TimeSpan.FromSeconds(Number(parts, "seconds", int.MaxValue)) + TimeSpan.FromTicks(Number(parts, "nanos", 999_999_999) / 100),
            _ => null,
        };
        return interval is { } found && found >= TimeSpan.Zero && found <= TimeSpan.FromDays(49)
            ? found
            : throw Refused($"constant.interval {element} is no duration from 0 to 49 days, such as 500ms");
    }

    static int? MaxRetriesOf(JsonElement? element) => element switch
    {
        null => null,
        { ValueKind: JsonValueKind.Number } number when number.TryGetInt32(out var retries) && retries >= 0 => retries,
        { ValueKind: JsonValueKind.String } text when int.TryParse(text.GetString(), NumberStyles.None, CultureInfo.InvariantCulture, out var retries) => retries,
        _ => throw Refused($"constant.maxRetries {element} is no whole number from 0"),
    };

    static int Number(JsonElement parts, string name, int most) => Member(parts, name) switch
    {
        null => 0,
        { ValueKind: JsonValueKind.Number } number when number.TryGetInt32(out var value) && value >= 0 && value <= most => value,
        _ => throw Refused($"constant.interval.{name} is no whole number from 0 to {most}"),
    };

    static JsonElement? Member(JsonElement parent, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var member) && member.ValueKind != JsonValueKind.Null)
            {
                return member;
            }
        }

        return null;
    }

    static void RefuseUnknown(JsonElement element, string where, params string[] known)
    {
        if (element.EnumerateObject().Select(m => m.Name).FirstOrDefault(n => !known.Contains(n, StringComparer.Ordinal)) is { } unknown)
        {
            throw Refused($"{where}.{unknown} is unknown");
        }
    }

    static ApiException Refused(string reason) => ApiException.BadRequest("failure_policy: " + reason);
}
