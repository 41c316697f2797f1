using Forewarn.Contracts;

namespace Forewarn.Trainer;

static class ScheduleSubscription
{
    /// <summary>
    /// The clock of the binding <c>train-schedule</c>. Every replica's sidecar calls; that another trains already, or has
    /// just trained for the same call, is no error. The answer is empty: Dapr would act on one.
    /// </summary>
    public static void MapScheduleSubscription(this IEndpointRouteBuilder routes) =>
        routes.MapPost($"/{Components.TrainSchedule}", TrainAsync).WithTags("training");

    static async Task TrainAsync(TrainingJobs jobs, ModelRecipes recipes, TrainerOptions options, ILogger<TrainingJobs> logger, CancellationToken cancellationToken)
    {
        var (job, running) = await jobs.StartAsync(recipes.Standard, JobTrigger.Schedule, TimeSpan.FromMinutes(options.ScheduleGapMinutes), cancellationToken);
        if (job is null)
            Log.ScheduleSkipped(logger, running is null ? "the last scheduled training began only just now" : $"training {running.Id} runs");
    }
}
