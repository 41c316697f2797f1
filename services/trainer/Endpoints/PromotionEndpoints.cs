using Forewarn.Contracts;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Forewarn.Trainer;

static class PromotionEndpoints
{
    /// <summary><c>POST /v1/models/{version}/promote</c> and <c>POST /v1/models/rollback?group=</c>: what people decide about models.</summary>
    public static IEndpointRouteBuilder MapPromotions(this IEndpointRouteBuilder routes)
    {
        var models = routes.MapGroup("/v1/models").WithTags("models");
        models.MapPost("{version}/promote", Promote);
        models.MapPost("rollback", Rollback);
        return routes;
    }

    static async Task<Results<Ok<ModelInfo>, ProblemHttpResult>> Promote(string version, Promotions promotions, CancellationToken cancellationToken) =>
        Answer(await promotions.PromoteAsync(version, cancellationToken));

    static async Task<Results<Ok<ModelInfo>, ProblemHttpResult>> Rollback(
        Promotions promotions, CancellationToken cancellationToken, string group = ModelGroups.Any) =>
        Answer(await promotions.RollbackAsync(group, cancellationToken));

    static Results<Ok<ModelInfo>, ProblemHttpResult> Answer((ModelInfo? Champion, Refusal? Refusal) outcome) => outcome switch
    {
        ({ } champion, _) => TypedResults.Ok(champion),
        (_, { Kind: RefusalKind.Unknown } refusal) =>
            TypedResults.Problem($"{refusal.Reason} GET /v1/models lists what there is.", title: "Unknown model", statusCode: StatusCodes.Status404NotFound),
        var (_, refusal) => TypedResults.Problem(refusal!.Reason, title: "The model cannot become champion", statusCode: StatusCodes.Status409Conflict),
    };
}
