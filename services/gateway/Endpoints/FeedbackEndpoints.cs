using System.Text.Json;
using Forewarn.Contracts;
using Forewarn.Gateway.Feedback;
using Forewarn.Gateway.Proxy;
using Forewarn.Gateway.Security;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Forewarn.Gateway.Endpoints;

/// <summary>What people say of decisions: taken here, kept by the trainer.</summary>
static class FeedbackEndpoints
{
    public static void MapFeedback(this IEndpointRouteBuilder routes)
    {
        var feedback = routes.MapGroup("/api").WithTags("feedback")
            .WithMetadata(PublicEndpoint.Mark, new RequestSizeLimitAttribute(SidecarForwarder.MostBodyBytes))
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        feedback.MapPost("/incidents/{id}/feedback", OfIncidentAsync)
            .WithName("judgeIncident").WithSummary("Say whether an incident was useful or a false alarm; the latest word holds")
            .Accepts<FeedbackRequest>("application/json")
            .ProducesProblem(StatusCodes.Status404NotFound);
        feedback.MapPost("/feedback", OfMissedAsync)
            .WithName("reportMissed").WithSummary("Say that something was missed, where and when")
            .Accepts<FeedbackRequest>("application/json");
    }

    static async Task<Results<Accepted<FeedbackEvent>, ProblemHttpResult>> OfIncidentAsync(
        string id, HttpRequest http, FeedbackDesk desk, CancellationToken cancellationToken)
    {
        var (request, unreadable) = await ReadAsync(http, cancellationToken);
        if (request is null)
            return Refused(unreadable!);
        if (request.Kind == FeedbackKind.Missed || request is not { Entity: null, From: null, To: null })
            return Refused("An incident is useful or a false-alarm; what was missed, with entity, from and to, goes to POST /api/feedback.");
        var (message, refusal) = await desk.OfIncidentAsync(id, request, cancellationToken);
        if (refusal is not null)
            return Refused(refusal);
        return message is null
            ? TypedResults.Problem(
                $"There is no incident '{id}'. One that opened a moment ago is found as soon as it is stored: try again.",
                statusCode: StatusCodes.Status404NotFound, title: "Unknown incident")
            : await AcceptAsync(message, desk, cancellationToken);
    }

    static async Task<Results<Accepted<FeedbackEvent>, ProblemHttpResult>> OfMissedAsync(
        HttpRequest http, FeedbackDesk desk, CancellationToken cancellationToken)
    {
        var (request, unreadable) = await ReadAsync(http, cancellationToken);
        if (request is null)
            return Refused(unreadable!);
        if (request.Kind != FeedbackKind.Missed)
            return Refused("Only kind missed goes here; say useful or false-alarm at POST /api/incidents/{id}/feedback.");
        var (message, refusal) = desk.OfMissed(request);
        return message is null ? Refused(refusal!) : await AcceptAsync(message, desk, cancellationToken);
    }

    static async Task<Results<Accepted<FeedbackEvent>, ProblemHttpResult>> AcceptAsync(
        FeedbackEvent message, FeedbackDesk desk, CancellationToken cancellationToken)
    {
        await desk.PublishAsync(message, cancellationToken);
        return TypedResults.Accepted("/api/feedback", message);
    }

    /// <summary>The body, or why it is none; a bound parameter would be refused without a word.</summary>
    static async Task<(FeedbackRequest? Request, string? Unreadable)> ReadAsync(HttpRequest http, CancellationToken cancellationToken)
    {
        const string shape = "kind is useful, false-alarm or missed; entity, who and note are texts; from and to are unix milliseconds.";
        if (!http.HasJsonContentType())
            return (null, $"The body must be JSON, with the content type application/json: {shape}");
        try
        {
            return await http.ReadFromJsonAsync(ContractJson.Default.FeedbackRequest, cancellationToken) is { } request
                ? (request, null)
                : (null, $"The body is null: {shape}");
        }
        catch (JsonException wrong)
        {
            return (null, $"The body cannot be read at {wrong.Path ?? "its end"}: {shape}");
        }
    }

    static ProblemHttpResult Refused(string detail) =>
        TypedResults.Problem(detail, statusCode: StatusCodes.Status400BadRequest, title: "This cannot be kept");
}
