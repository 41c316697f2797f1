using Forewarn.Contracts;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Forewarn.Trainer;

static class ModelEndpoints
{
    /// <summary>
    /// <c>GET /v1/models</c> (newest first), <c>GET /v1/models/champions</c> (of all groups), <c>GET /v1/models/champion?group=</c> and
    /// <c>GET /v1/models/challenger?group=</c>.
    /// </summary>
    public static IEndpointRouteBuilder MapModels(this IEndpointRouteBuilder routes)
    {
        var models = routes.MapGroup("/v1/models").WithTags("models");
        models.MapGet("", List);
        models.MapGet("champions", Champions);
        models.MapGet("champion", Champion);
        models.MapGet("challenger", Challenger);
        return routes;
    }

    static async Task<Ok<Page<ModelInfo>>> List(RegistryStore registry, CancellationToken cancellationToken) =>
        TypedResults.Ok(new Page<ModelInfo>((await registry.ReadAsync(cancellationToken)).Models));

    static async Task<Ok<Page<ModelInfo>>> Champions(RegistryStore registry, CancellationToken cancellationToken) =>
        TypedResults.Ok(new Page<ModelInfo>([.. (await registry.ReadAsync(cancellationToken)).Champions]));

    static async Task<Results<Ok<ModelInfo>, ProblemHttpResult>> Champion(RegistryStore registry, CancellationToken cancellationToken, string group = ModelGroups.Any) =>
        (await registry.ReadAsync(cancellationToken)).ChampionOf(group) is { } champion
            ? TypedResults.Ok(champion)
            : TypedResults.Problem("The trainer has not published a model yet; the first one takes a few seconds after start.", title: "No model yet", statusCode: StatusCodes.Status404NotFound);

    static async Task<Results<Ok<ModelInfo>, ProblemHttpResult>> Challenger(RegistryStore registry, CancellationToken cancellationToken, string group = ModelGroups.Any) =>
        (await registry.ReadAsync(cancellationToken)).ChallengerOf(group) is { } challenger
            ? TypedResults.Ok(challenger)
            : TypedResults.Problem("No model is on trial.", title: "No challenger", statusCode: StatusCodes.Status404NotFound);
}
