using Forewarn.Alerting.Silences;
using Forewarn.Contracts;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Forewarn.Alerting;

static class SilenceEndpoints
{
    const long PreviewMs = 7 * 86_400_000L;

    /// <summary><c>/v1/silences</c>: times in which matching incidents open but are not told.</summary>
    public static void MapSilences(this IEndpointRouteBuilder routes)
    {
        var silences = routes.MapGroup("/v1/silences").WithTags("Silences");
        silences.MapGet("", ListAsync).WithSummary("Silences that hold or will hold, newest first; with ended=true those of the last week too");
        silences.MapPost("", AddAsync).WithSummary("Silences matching incidents for a time");
        silences.MapDelete("{id}", EndAsync).WithSummary("Ends a silence now");
        silences.MapPost("preview", PreviewAsync).WithSummary("What a silence would have kept quiet in the last seven days");
    }

    static async Task<Ok<Page<SilenceInfo>>> ListAsync(SilenceStore store, TimeProvider time, CancellationToken cancellationToken, bool ended = false)
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var list = await store.ReadAsync(cancellationToken);
        return TypedResults.Ok(new Page<SilenceInfo>([.. list.Items.Select(record => record.Info).Where(silence => ended || silence.To > now)]));
    }

    static async Task<Results<Created<SilenceInfo>, ValidationProblem, ProblemHttpResult>> AddAsync(
        SilenceRequest request, SilenceDesk desk, TimeProvider time, CancellationToken cancellationToken)
    {
        if (SilenceRules.WhyNot(request, time.GetUtcNow().ToUnixTimeMilliseconds()) is { Count: > 0 } wrong)
            return TypedResults.ValidationProblem(wrong, title: "This cannot be silenced");
        return await desk.AddAsync(request, cancellationToken) is { } silence
            ? TypedResults.Created($"/v1/silences/{silence.Id}", silence)
            : TypedResults.Problem(
                $"{SilenceList.Most} silences hold already; end some, or say one that matches more.", title: "There are too many", statusCode: StatusCodes.Status409Conflict);
    }

    static async Task<Results<Ok<SilenceInfo>, ProblemHttpResult>> EndAsync(string id, SilenceDesk desk, CancellationToken cancellationToken) =>
        await desk.EndAsync(id, cancellationToken) is { } silence
            ? TypedResults.Ok(silence)
            : TypedResults.Problem(
                $"No silence with the id '{id}' holds; GET /v1/silences lists those that do.", title: "Unknown or ended", statusCode: StatusCodes.Status404NotFound);

    static async Task<Results<Ok<SilencePreview>, ValidationProblem>> PreviewAsync(
        SilencePreviewRequest request, PastIncidents history, TimeProvider time, CancellationToken cancellationToken)
    {
        if (SilenceRules.WhyNot(request.Match) is { Count: > 0 } wrong)
            return TypedResults.ValidationProblem(wrong);
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        return TypedResults.Ok(SilencePreviewer.Of(request.Match, await history.OpenedAsync(now - PreviewMs, now + 1, cancellationToken), now - PreviewMs));
    }
}
