using Forewarn.Contracts;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Forewarn.Trainer;

static class TrainingEndpoints
{
    /// <summary><c>POST /v1/train</c> starts a training; <c>GET /v1/jobs/{id}</c> tells how far it is.</summary>
    public static IEndpointRouteBuilder MapTraining(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/v1/train", Train).WithTags("training");
        routes.MapGet("/v1/jobs/{id}", Job).WithTags("training");
        return routes;
    }

    static async Task<Results<Accepted<JobEvent>, ProblemHttpResult>> Train(TrainingJobs jobs, CancellationToken cancellationToken)
    {
        var (job, state) = await jobs.StartAsync(cancellationToken);
        return job is not null
            ? TypedResults.Accepted($"/v1/jobs/{state.Id}", state)
            : TypedResults.Problem(
                $"Training {state.Id} runs ({state.Progress:P0}: {state.Message}); wait for its end.",
                title: "A training runs already", statusCode: StatusCodes.Status409Conflict,
                extensions: new Dictionary<string, object?>(StringComparer.Ordinal) { ["job"] = state.Id });
    }

    static async Task<Results<Ok<JobEvent>, ProblemHttpResult>> Job(string id, RegistryStore registry, CancellationToken cancellationToken) =>
        (await registry.ReadAsync(cancellationToken)).JobOf(id) is { } job
            ? TypedResults.Ok(job)
            : TypedResults.Problem("No such job among the newest twenty.", title: "Unknown job", statusCode: StatusCodes.Status404NotFound);
}
