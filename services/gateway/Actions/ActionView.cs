using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;
using Forewarn.Contracts;

namespace Forewarn.Gateway.Actions;

/// <summary>What alerting says that a link permits.</summary>
sealed record ActionView
{
    /// <summary><c>acknowledge</c>, <c>snooze</c> or <c>false-alarm</c>.</summary>
    public required string Action { get; init; }

    /// <summary>Id.</summary>
    public required string Incident { get; init; }

    /// <summary>Null, as all that follows, while history does not know the incident.</summary>
    public string? Entity { get; init; }

    public IncidentSeverity? Severity { get; init; }
    public IncidentStatus? Status { get; init; }
    public string? Summary { get; init; }
}

/// <summary>Why a link does nothing.</summary>
sealed record ActionProblem(int Status, string Title, string Detail)
{
    public static readonly ActionProblem Unknown = new(
        StatusCodes.Status404NotFound, "Unknown link", "It is not complete, or was not made here. Copy the whole link from the notification.");

    public static readonly ActionProblem Outage = new(
        StatusCodes.Status503ServiceUnavailable, "Alerting does not answer", "It may be starting; reload this page in a moment. Nothing has been changed.");

    /// <summary>Our services explain themselves with problem documents; any other error is the sidecar that found nobody.</summary>
    public static ActionProblem Of(HttpResponseMessage response, byte[] body)
    {
        if (response.Content.Headers.ContentType?.MediaType != "application/problem+json" || response.StatusCode >= HttpStatusCode.InternalServerError)
            return Outage;
        var problem = JsonSerializer.Deserialize(body, ActionJson.Default.ActionProblemBody);
        return new ActionProblem((int)response.StatusCode, problem?.Title ?? "This cannot be done", problem?.Detail ?? "");
    }
}

/// <summary>The part of a problem document that people read.</summary>
sealed record ActionProblemBody(string? Title, string? Detail);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(ActionView))]
[JsonSerializable(typeof(ActionProblemBody))]
sealed partial class ActionJson : JsonSerializerContext;
