using Forewarn.Contracts;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Forewarn.Trainer;

static class FeedbackEndpoints
{
    const int MostPerPage = 500;

    /// <summary><c>GET /v1/feedback</c>: what people said, newest first.</summary>
    public static IEndpointRouteBuilder MapFeedback(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/feedback", List).WithTags("feedback");
        return routes;
    }

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
