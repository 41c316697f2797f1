using System.Text.Json;
using System.Text.Json.Serialization;
using Forewarn.Alerting.Actions;
using Forewarn.Contracts;

namespace Forewarn.Alerting.Notifications;

/// <summary>A notification for programs: what the channels <c>webhook</c> and <c>binding</c> send. Described in docs/notifications.md.</summary>
sealed record NotificationBody
{
    public int V { get; init; } = 1;

    /// <summary>The same for every attempt: whoever has it already has had this message.</summary>
    public required string Notification { get; init; }

    public required string Receiver { get; init; }
    public required NotificationKind Kind { get; init; }

    /// <summary>When it was decided, unix milliseconds.</summary>
    public required long At { get; init; }

    /// <summary>The sentence that people read.</summary>
    public required string Text { get; init; }

    public string? Rarity { get; init; }
    public string? FirstMover { get; init; }
    public string? Prediction { get; init; }

    /// <summary>By name: <c>chart</c>, <c>incident</c>, what came with an external alert, and what may be done: <c>acknowledge</c>, <c>snooze</c>, <c>false-alarm</c>.</summary>
    public required IReadOnlyDictionary<string, string> Links { get; init; }

    /// <summary>As on the topic <c>incidents</c>, without the row that was scored.</summary>
    public required IncidentEvent Incident { get; init; }
}

/// <summary>Writes <see cref="NotificationBody"/>; the same bytes for every attempt at the same snapshot.</summary>
static class NotificationJson
{
    public static byte[] Of(Notification notification, IReadOnlyList<ActionLink> actions, string publicUrl)
    {
        var explanation = Explanation.Of(notification, publicUrl);
        var links = new Dictionary<string, string>(StringComparer.Ordinal) { ["chart"] = explanation.ChartUrl, ["incident"] = explanation.IncidentUrl };
        foreach (var link in explanation.Links)
            links.TryAdd(link.Name, link.Url);
        foreach (var link in actions)
            links[WordOf(link.Action)] = link.Url;
        return JsonSerializer.SerializeToUtf8Bytes(
            new NotificationBody
            {
                Notification = notification.Id,
                Receiver = notification.Receiver,
                Kind = notification.Kind,
                At = notification.At,
                Text = explanation.Sentence,
                Rarity = explanation.Rarity,
                FirstMover = explanation.FirstMover,
                Prediction = explanation.Prediction,
                Links = links,
                Incident = notification.Incident with { Features = [] },
            },
            NotificationJsonContext.Default.NotificationBody);
    }

    /// <summary>How the values of enumerations are written.</summary>
    internal static string WordOf(Enum value) => JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString());
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(NotificationBody))]
sealed partial class NotificationJsonContext : JsonSerializerContext;
