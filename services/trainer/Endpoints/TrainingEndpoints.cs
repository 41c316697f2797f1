using Forewarn.Contracts;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Forewarn.Trainer;

static class TrainingEndpoints
{
    /// <summary><c>POST /v1/train?kind=</c> starts a training; <c>GET /v1/jobs</c> lists the newest, <c>GET /v1/jobs/{id}</c> tells how far one is.</summary>
    public static IEndpointRouteBuilder MapTraining(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/v1/train", Train).WithTags("training");
        routes.MapGet("/v1/jobs", Jobs).WithTags("training");
        routes.MapGet("/v1/jobs/{id}", Job).WithTags("training");
        return routes;
    }

    static async Task<Results<Accepted<JobEvent>, ProblemHttpResult>> Train(TrainingJobs jobs, ModelRecipes recipes, CancellationToken cancellationToken, string? kind = null)
    {
        if (recipes.Find(kind) is not { } recipe)
            return TypedResults.Problem(
                $"'{kind}' is no kind of model here; known are {string.Join(", ", recipes.Kinds)}. Without a kind, {recipes.Standard.Kind} is trained.",
                title: "Unknown kind of model", statusCode: StatusCodes.Status400BadRequest);
        var (job, state) = await jobs.StartAsync(recipe, JobTrigger.Request, cancellationToken);
        return job is not null
            ? TypedResults.Accepted($"/v1/jobs/{state.Id}", state)
            : TypedResults.Problem(
                $"Training {state.Id} runs ({state.Progress:P0}: {state.Message}); wait for its end.",
                title: "A training runs already", statusCode: StatusCodes.Status409Conflict,
                extensions: new Dictionary<string, object?>(StringComparer.Ordinal) { ["job"] = state.Id });
    }

    static async Task<Ok<Page<JobEvent>>> Jobs(RegistryStore registry, CancellationToken cancellationToken) =>
        TypedResults.Ok(new Page<JobEvent>((await registry.ReadAsync(cancellationToken)).Jobs));

    static async Task<Results<Ok<JobEvent>, ProblemHttpResult>> Job(string id, RegistryStore registry, CancellationToken cancellationToken) =>
        (await registry.ReadAsync(cancellationToken)).JobOf(id) is { } job
            ? TypedResults.Ok(job)
            : TypedResults.Problem("No such job among the newest twenty.", title: "Unknown job", statusCode: StatusCodes.Status404NotFound);
}
