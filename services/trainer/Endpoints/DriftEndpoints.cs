using Forewarn.Contracts;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Forewarn.Trainer;

static class DriftEndpoints
{
    /// <summary><c>GET /v1/drift</c>: how far measurements have moved from what the champion learned, and how it does since its promotion.</summary>
    public static IEndpointRouteBuilder MapDrift(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/drift", Drift).WithTags("models");
        return routes;
    }

    static async Task<Ok<ModelDrift>> Drift(ChampionJudge judge, CancellationToken cancellationToken) =>
        TypedResults.Ok((await judge.AssessAsync(cancellationToken)).Status);
}
