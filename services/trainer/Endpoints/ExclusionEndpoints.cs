using Forewarn.Contracts;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Forewarn.Trainer;

static class ExclusionEndpoints
{
    const int MaxReason = FeedbackRules.MaxNote;

    /// <summary><c>/v1/exclusions</c>: times that no training learns from.</summary>
    public static IEndpointRouteBuilder MapExclusions(this IEndpointRouteBuilder routes)
    {
        var exclusions = routes.MapGroup("/v1/exclusions").WithTags("exclusions");
        exclusions.MapGet("", List);
        exclusions.MapPost("", Add);
        exclusions.MapDelete("{id}", Remove);
        return routes;
    }

    static async Task<Ok<Page<Exclusion>>> List(ExclusionStore store, CancellationToken cancellationToken) =>
        TypedResults.Ok(new Page<Exclusion>((await store.ReadAsync(cancellationToken)).Items));

    static async Task<Results<Created<Exclusion>, ProblemHttpResult>> Add(
        ExclusionRequest request, ExclusionStore store, TimeProvider time, CancellationToken cancellationToken)
    {
        if (WhyNot(request) is { } reason)
            return TypedResults.Problem(reason, title: "This cannot be left out", statusCode: StatusCodes.Status400BadRequest);
        var exclusion = new Exclusion
        {
            Id = Exclusion.IdOf(request.Entity, request.From, request.To, request.Kind),
            Entity = request.Entity,
            From = request.From,
            To = request.To,
            Kind = request.Kind,
            Reason = request.Reason,
            Who = request.Who,
            At = time.GetUtcNow().ToUnixTimeMilliseconds(),
        };
        return await store.ChangeAsync(list => list.With(exclusion), cancellationToken) is not null
            ? TypedResults.Created($"/v1/exclusions/{exclusion.Id}", exclusion)
            : TypedResults.Problem(
                $"{ExclusionList.Most} times are left out already; delete some that lie before what trainings read (TRAINER__HISTORYHOURS), or name longer ones.",
                title: "The list is full", statusCode: StatusCodes.Status409Conflict);
    }

    static async Task<Results<Ok<Exclusion>, ProblemHttpResult>> Remove(string id, ExclusionStore store, CancellationToken cancellationToken)
    {
        Exclusion? removed = null;
        await store.ChangeAsync(
            list =>
            {
                removed = list.Items.FirstOrDefault(item => item.Id == id);
                return list.Without(id);
            },
            cancellationToken);
        return removed is not null
            ? TypedResults.Ok(removed)
            : TypedResults.Problem($"Nothing with the id '{id}' is left out; GET /v1/exclusions lists what is.", title: "Unknown exclusion", statusCode: StatusCodes.Status404NotFound);
    }

    static string? WhyNot(ExclusionRequest request) =>
        request.From < 0 || request.To <= request.From
            ? "from and to are unix milliseconds, and to is later than from."
            : (request.Entity is null ? null : FeedbackRules.WhyNotText("entity", request.Entity, FeedbackRules.MaxEntity, isNeeded: true))
              ?? FeedbackRules.WhyNotText("reason", request.Reason, MaxReason)
              ?? FeedbackRules.WhyNotText("who", request.Who, FeedbackRules.MaxWho);
}
