using System.Text.Json;
using System.Text.Json.Serialization;
using Forewarn.Contracts;

namespace Forewarn.Alerting.Notifications;

/// <summary>A notification in the form of Alertmanager's webhooks, version 4, for tools that were made for those: a group of one alert.</summary>
sealed record AlertmanagerWebhook
{
    /// <summary>The end of what still fires.</summary>
    const string Never = "0001-01-01T00:00:00Z";

    public string Version { get; init; } = "4";

    /// <summary>The same for an incident's whole life.</summary>
    public required string GroupKey { get; init; }

    public int TruncatedAlerts { get; init; }
    public required string Status { get; init; }
    public required string Receiver { get; init; }
    public required IReadOnlyDictionary<string, string> GroupLabels { get; init; }
    public required IReadOnlyDictionary<string, string> CommonLabels { get; init; }
    public required IReadOnlyDictionary<string, string> CommonAnnotations { get; init; }

    [JsonPropertyName("externalURL")]
    public required string ExternalUrl { get; init; }

    public required IReadOnlyList<WebhookAlert> Alerts { get; init; }

    /// <param name="notification">What is told.</param>
    /// <param name="name">Of the alert when it was first told; null = this is the first time.</param>
    /// <param name="publicUrl">Of the dashboard.</param>
    /// <returns>JSON, and the name.</returns>
    public static (byte[] Body, string Name) Of(Notification notification, string? name, string publicUrl)
    {
        var incident = notification.Incident;
        var labels = AlertLabels.Of(incident, name);
        name = labels[AlertNames.Label];
        var explanation = Explanation.Of(notification, publicUrl);
        var annotations = AlertmanagerAlert.Annotated(notification, explanation);
        var isOver = incident.Status == IncidentStatus.Resolved;
        var status = isOver ? "resolved" : "firing";
        var body = new AlertmanagerWebhook
        {
            GroupKey = $"{{}}:{{incident=\"{incident.Id}\"}}",
            Status = status,
            Receiver = notification.Receiver,
            GroupLabels = new Dictionary<string, string>(StringComparer.Ordinal) { [AlertNames.Label] = name, ["incident"] = incident.Id },
            CommonLabels = labels,
            CommonAnnotations = annotations,
            ExternalUrl = publicUrl,
            Alerts =
            [
                new WebhookAlert
                {
                    Status = status,
                    Labels = labels,
                    Annotations = annotations,
                    StartsAt = AlertmanagerAlert.Time(incident.StartedAt),
                    EndsAt = isOver ? AlertmanagerAlert.Time(Math.Max(incident.StartedAt, incident.ResolvedAt ?? notification.At)) : Never,
                    GeneratorUrl = explanation.IncidentUrl,
                    Fingerprint = ContentHash.Of(incident.Id),
                },
            ],
        };
        return (JsonSerializer.SerializeToUtf8Bytes(body, AlertmanagerJsonContext.Default.AlertmanagerWebhook), name);
    }
}

/// <summary>An alert of a webhook.</summary>
sealed record WebhookAlert
{
    public required string Status { get; init; }
    public required IReadOnlyDictionary<string, string> Labels { get; init; }
    public required IReadOnlyDictionary<string, string> Annotations { get; init; }
    public required string StartsAt { get; init; }
    public required string EndsAt { get; init; }

    [JsonPropertyName("generatorURL")]
    public required string GeneratorUrl { get; init; }

    /// <summary>The same for an incident's whole life, whatever its severity.</summary>
    public required string Fingerprint { get; init; }
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(AlertmanagerAlert[]))]
[JsonSerializable(typeof(AlertmanagerWebhook))]
[JsonSerializable(typeof(Dictionary<string, string>))]
sealed partial class AlertmanagerJsonContext : JsonSerializerContext;
