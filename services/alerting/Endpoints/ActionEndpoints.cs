using Forewarn.Alerting.Actions;
using Forewarn.Contracts;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Forewarn.Alerting;

/// <summary>What links in notifications lead to, by way of the gateway's page. Reading changes nothing.</summary>
static class ActionEndpoints
{
    public static void MapActions(this IEndpointRouteBuilder routes)
    {
        var actions = routes.MapGroup("/v1/actions").WithTags("Actions");
        actions.MapGet("/{token}", DescribeAsync).WithSummary("What a link permits");
        actions.MapPost("/{token}", DoAsync).WithSummary("Does what a link permits");
    }

    static async Task<Results<Ok<ActionInfo>, ProblemHttpResult>> DescribeAsync(string token, ActionDesk desk, CancellationToken cancellationToken)
    {
        var (permitted, fault) = await desk.ReadAsync(token, cancellationToken);
        return permitted is null ? Refused(fault) : TypedResults.Ok(InfoOf(permitted, await desk.FindAsync(permitted.IncidentId, cancellationToken)));
    }

    static async Task<Results<Ok<ActionInfo>, ProblemHttpResult>> DoAsync(
        string token, IncidentActionRequest? request, ActionDesk desk, CancellationToken cancellationToken)
    {
        var (permitted, fault) = await desk.ReadAsync(token, cancellationToken);
        if (permitted is null)
            return Refused(fault);
        if (request?.Who is { Length: > IncidentRules.MaxWho })
        {
            return TypedResults.Problem(
                $"who may have {IncidentRules.MaxWho} characters.", statusCode: StatusCodes.Status400BadRequest, title: "The name is too long");
        }
        if (!await desk.DoAsync(permitted, string.IsNullOrWhiteSpace(request?.Who) ? null : request.Who.Trim(), cancellationToken))
        {
            return TypedResults.Problem(
                $"Incident {permitted.IncidentId} is over, or somebody has looked after it already.", statusCode: StatusCodes.Status409Conflict, title: "Nothing left to do");
        }
        return TypedResults.Ok(InfoOf(permitted, await desk.FindAsync(permitted.IncidentId, cancellationToken)));
    }

    static ActionInfo InfoOf(ActionToken token, IncidentEvent? incident) => new()
    {
        Action = token.Action,
        Incident = token.IncidentId,
        Expires = token.Expires,
        Entity = incident?.Entity,
        Severity = incident?.Severity,
        Status = incident?.Status,
        Summary = incident?.Summary,
        StartedAt = incident?.StartedAt,
    };

    static ProblemHttpResult Refused(LinkFault fault) => fault == LinkFault.Expired
        ? TypedResults.Problem(
            "Links in notifications hold for some days only. Open the incident on the dashboard instead.", statusCode: StatusCodes.Status410Gone, title: "This link has expired")
        : TypedResults.Problem(
            "It is not complete, or was not made here. Copy the whole link from the notification.", statusCode: StatusCodes.Status404NotFound, title: "Unknown link");
}

/// <summary>What a link permits, and to which incident.</summary>
sealed record ActionInfo
{
    public required LinkAction Action { get; init; }

    /// <summary>Id.</summary>
    public required string Incident { get; init; }

    /// <summary>Unix milliseconds.</summary>
    public required long Expires { get; init; }

    /// <summary>Null, as all that follows, while history does not know the incident.</summary>
    public string? Entity { get; init; }

    public IncidentSeverity? Severity { get; init; }
    public IncidentStatus? Status { get; init; }
    public string? Summary { get; init; }

    /// <summary>Unix milliseconds.</summary>
    public long? StartedAt { get; init; }
}
