using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Forewarn.Alerting.Endpoints;
using Forewarn.Alerting.Incidents;
using Forewarn.Contracts;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Forewarn.Alerting;

/// <summary>What people do to incidents.</summary>
static class IncidentEndpoints
{
    public static void MapIncidents(this IEndpointRouteBuilder routes)
    {
        var incidents = routes.MapGroup("/v1/incidents").WithTags("Incidents");
        incidents.MapPost("/{id}/acknowledge", AcknowledgeAsync).WithSummary("Somebody looks after it: nothing escalates any more");
        incidents.MapPost("/{id}/assign", AssignAsync).WithSummary("Says who is to look after it");
        incidents.MapPost("/{id}/comment", CommentAsync).WithSummary("Adds a line to its story");
        incidents.MapPost("/{id}/resolve", ResolveAsync).WithSummary("Somebody says that it is over");
        routes.MapPost("/v1/changes", ChangeAsync).WithTags("Incidents").WithSummary("Something was changed on purpose; open incidents of the entity hear of it");
    }

    static async Task<Results<Ok<IncidentEvent>, ProblemHttpResult>> AcknowledgeAsync(string id, HttpRequest http, IncidentDesk desk, CancellationToken cancellationToken)
    {
        var body = await ReadAsync(http, ContractJson.Default.IncidentActionRequest, new IncidentActionRequest(), cancellationToken);
        return await DoAsync(id, new(IncidentActionKind.Acknowledge, id, body.Value?.Who, body.Value?.Text, null), body.Unreadable, desk, cancellationToken);
    }

    static async Task<Results<Ok<IncidentEvent>, ProblemHttpResult>> AssignAsync(string id, HttpRequest http, IncidentDesk desk, CancellationToken cancellationToken)
    {
        var body = await ReadAsync(http, ContractJson.Default.AssignRequest, null, cancellationToken);
        var unreadable = body.Unreadable ?? FeedbackRules.WhyNotText("assignee", body.Value!.Assignee, IncidentRules.MaxWho);
        return await DoAsync(id, new(IncidentActionKind.Assign, id, body.Value?.Who, body.Value?.Assignee, null), unreadable, desk, cancellationToken);
    }

    static async Task<Results<Ok<IncidentEvent>, ProblemHttpResult>> CommentAsync(string id, HttpRequest http, IncidentDesk desk, CancellationToken cancellationToken)
    {
        var body = await ReadAsync(http, ContractJson.Default.CommentRequest, null, cancellationToken);
        var unreadable = body.Unreadable ?? FeedbackRules.WhyNotText("text", body.Value!.Text, IncidentRules.MaxText, isNeeded: true);
        return await DoAsync(id, new(IncidentActionKind.Comment, id, body.Value?.Who, body.Value?.Text, null), unreadable, desk, cancellationToken);
    }

    static async Task<Results<Ok<IncidentEvent>, ProblemHttpResult>> ResolveAsync(string id, HttpRequest http, IncidentDesk desk, CancellationToken cancellationToken)
    {
        var body = await ReadAsync(http, ContractJson.Default.IncidentActionRequest, new IncidentActionRequest(), cancellationToken);
        return await DoAsync(id, new(IncidentActionKind.Resolve, id, body.Value?.Who, body.Value?.Text, null), body.Unreadable, desk, cancellationToken);
    }

    static async Task<Results<Ok<Page<IncidentEvent>>, ProblemHttpResult>> ChangeAsync(HttpRequest http, IncidentDesk desk, TimeProvider time, CancellationToken cancellationToken)
    {
        var body = await ReadAsync(http, ContractJson.Default.ChangeRequest, null, cancellationToken);
        if ((body.Unreadable ?? WhyNot(body.Value!, time)) is { } refusal)
            return Refused(refusal);
        return TypedResults.Ok(new Page<IncidentEvent>(await desk.ChangeAsync(body.Value!, cancellationToken)));
    }

    static string? WhyNot(ChangeRequest change, TimeProvider time) =>
        FeedbackRules.WhyNotText("entity", change.Entity, FeedbackRules.MaxEntity, isNeeded: true)
        ?? FeedbackRules.WhyNotText("text", change.Text, IncidentRules.MaxText, isNeeded: true)
        ?? FeedbackRules.WhyNotText("who", change.Who, IncidentRules.MaxWho)
        ?? (change.At < 0 || change.At > time.GetUtcNow().ToUnixTimeMilliseconds() + 60_000 ? "at lies in the future: unix milliseconds of when it was done." : null);

    static async Task<Results<Ok<IncidentEvent>, ProblemHttpResult>> DoAsync(
        string id, IncidentAction action, string? unreadable, IncidentDesk desk, CancellationToken cancellationToken)
    {
        var refusal = unreadable ?? FeedbackRules.WhyNotText("who", action.Who, IncidentRules.MaxWho) ?? FeedbackRules.WhyNotText("text", action.Text, IncidentRules.MaxText);
        if (refusal is not null)
            return Refused(refusal);
        if (Fingerprint.FromIncidentId(id) is null)
            return Refused($"'{id}' is not an incident id.");
        var outcome = await desk.DoAsync(id, action, cancellationToken);
        return outcome switch
        {
            { Refusal: null } => TypedResults.Ok(outcome.Incident),
            { Incident: null } => TypedResults.Problem($"There is no incident {id}.", statusCode: StatusCodes.Status404NotFound, title: "Unknown incident"),
            _ => TypedResults.Problem($"Incident {id}: {outcome.Refusal}", statusCode: StatusCodes.Status409Conflict, title: "This cannot be done to it"),
        };
    }

    /// <summary>The body, or why it is none; a bound parameter would be refused without a word.</summary>
    /// <param name="none">What an absent body means; null = it must be there.</param>
    static async Task<(T? Value, string? Unreadable)> ReadAsync<T>(HttpRequest http, JsonTypeInfo<T> type, T? none, CancellationToken cancellationToken) where T : class
    {
        if (http.ContentLength is null or 0 && none is not null && !http.HasJsonContentType())
            return (none, null);
        if (!http.HasJsonContentType())
            return (null, "The body must be JSON, with the content type application/json.");
        try
        {
            return await http.ReadFromJsonAsync(type, cancellationToken) is { } value ? (value, null) : (null, "The body is null.");
        }
        catch (JsonException wrong)
        {
            return (null, $"The body cannot be read at {wrong.Path ?? "its end"}: {wrong.Message}");
        }
    }

    static ProblemHttpResult Refused(string detail) =>
        TypedResults.Problem(detail, statusCode: StatusCodes.Status400BadRequest, title: "Bad request");
}
