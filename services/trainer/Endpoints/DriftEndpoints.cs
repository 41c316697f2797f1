using Forewarn.Contracts;
using Forewarn.Models;
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

    static async Task<Results<Ok<ModelDrift>, ProblemHttpResult>> Drift(ChampionJudge judge, CancellationToken cancellationToken)
    {
        try
        {
            return TypedResults.Ok((await judge.AssessAsync(cancellationToken)).Status);
        }
        catch (ModelRefusedException damaged)
        {
            return TypedResults.Problem(
                $"{damaged.Message} Without it nobody knows what the champion learned.", title: "The champion's manifest cannot be used", statusCode: StatusCodes.Status409Conflict);
        }
    }
}
