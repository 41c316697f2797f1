using System.Globalization;
using System.Text.Json.Serialization;

namespace Forewarn.Alerting.Notifications;

/// <summary>An alert as Alertmanager's <c>POST /api/v2/alerts</c> takes it.</summary>
sealed record AlertmanagerAlert
{
    public required IReadOnlyDictionary<string, string> Labels { get; init; }
    public required IReadOnlyDictionary<string, string> Annotations { get; init; }

    /// <summary>RFC 3339.</summary>
    public required string StartsAt { get; init; }

    /// <summary>RFC 3339; ahead while it fires.</summary>
    public required string EndsAt { get; init; }

    [JsonPropertyName("generatorURL")]
    public required string GeneratorUrl { get; init; }

    /// <param name="endsAt">Unix milliseconds; an alert does not end before it starts.</param>
    public static AlertmanagerAlert Of(Notification notification, IReadOnlyDictionary<string, string> labels, long endsAt, string publicUrl)
    {
        var explanation = Explanation.Of(notification, publicUrl);
        var startsAt = notification.Incident.StartedAt;
        return new AlertmanagerAlert
        {
            Labels = labels,
            Annotations = Annotated(notification, explanation),
            StartsAt = Time(startsAt),
            EndsAt = Time(Math.Max(startsAt, endsAt)),
            GeneratorUrl = explanation.IncidentUrl,
        };
    }

    /// <summary>What people read, and what may change while it goes on.</summary>
    internal static Dictionary<string, string> Annotated(Notification notification, Explanation explanation)
    {
        var annotations = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["summary"] = explanation.Sentence,
            ["description"] = string.Join('\n', Details(explanation)),
            ["state"] = explanation.State,
            ["kind"] = NotificationJson.WordOf(notification.Incident.Kind),
            ["chart"] = explanation.ChartUrl,
        };
        foreach (var link in explanation.Links)
            annotations[$"{link.Name}_url"] = link.Url;
        return annotations;
    }

    /// <summary>RFC 3339.</summary>
    /// <param name="at">Unix milliseconds.</param>
    internal static string Time(long at) => DateTimeOffset.FromUnixTimeMilliseconds(at).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    static IEnumerable<string> Details(Explanation explanation)
    {
        foreach (var series in explanation.Series)
            yield return $"{series.Name} {series.Value}, normally {series.Normal}";
        if (explanation.FirstMover is { } first)
            yield return $"moved first: {first}";
        foreach (var follower in explanation.Followers)
            yield return follower;
        if (explanation.Prediction is { } prediction)
            yield return prediction;
        yield return $"since {explanation.Since}";
    }
}
