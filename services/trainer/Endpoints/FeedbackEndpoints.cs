using Forewarn.Contracts;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Forewarn.Trainer;

static class FeedbackEndpoints
{
    const int MostPerPage = 500;

    const int MostDays = 31;

    /// <summary><c>GET /v1/feedback</c>: what people said, newest first; <c>/v1/feedback/preview</c>: what learning it would have changed.</summary>
    public static IEndpointRouteBuilder MapFeedback(this IEndpointRouteBuilder routes)
    {
        var feedback = routes.MapGroup("/v1/feedback").WithTags("feedback");
        feedback.MapGet("", List);
        feedback.MapPost("preview", StartPreview);
        feedback.MapGet("preview", Preview);
        return routes;
    }

    static async Task<Results<Accepted<JobEvent>, ValidationProblem, ProblemHttpResult>> StartPreview(
        TrainingJobs jobs, ModelRecipes recipes, CancellationToken cancellationToken, string? kind = null, int days = 1)
    {
        if (days is < 1 or > MostDays)
            return Bad("days", $"must be 1 to {MostDays}.");
        if (recipes.Find(kind) is not { } recipe)
            return Bad("kind", $"must be one of {string.Join(", ", recipes.Kinds)}.");
        var (job, state) = await jobs.StartPreviewAsync(recipe, days, cancellationToken);
        return job is not null
            ? TypedResults.Accepted($"/v1/jobs/{state.Id}", state)
            : TypedResults.Problem(
                $"Job {state.Id} ({state.Kind}) runs ({state.Progress:P0}: {state.Message}); wait for its end.",
                title: "A job runs already", statusCode: StatusCodes.Status409Conflict);
    }

    static async Task<Results<Ok<FeedbackPreview>, ProblemHttpResult>> Preview(PreviewStore previews, CancellationToken cancellationToken) =>
        (await previews.ReadAsync(cancellationToken)).Latest is { } preview
            ? TypedResults.Ok(preview)
            : TypedResults.Problem("POST /v1/feedback/preview makes one.", title: "No preview yet", statusCode: StatusCodes.Status404NotFound);

    static async Task<Results<Ok<Page<FeedbackEvent>>, ValidationProblem>> List(
        FeedbackStore feedback, CancellationToken cancellationToken, string? incident = null, string? entity = null, string? cursor = null, int limit = 100)
    {
        FeedbackCursor? after = null;
        if (limit is < 1 or > MostPerPage)
            return Bad("limit", $"must be 1 to {MostPerPage}.");
        if (cursor is not null)
        {
            if (!FeedbackCursor.TryParse(cursor, out var parsed))
                return Bad("cursor", "is not 'next' of a page before.");
            after = parsed;
        }
        return TypedResults.Ok((await feedback.ReadAsync(cancellationToken)).List(incident, entity, after, limit));
    }

    static ValidationProblem Bad(string name, string message) =>
        TypedResults.ValidationProblem(new Dictionary<string, string[]>(StringComparer.Ordinal) { [name] = [message] });
}
