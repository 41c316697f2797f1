using Forewarn.Contracts;

namespace Forewarn.Trainer;

/// <summary>
/// Starts a training when people have said enough that none has counted. Of several replicas one claims the words, by the
/// book's ETag, and one trains, by the registry's lease; words claimed for a training that cannot begin are given back.
/// </summary>
sealed class FeedbackTrigger(
    FeedbackStore feedback, TrainingJobs jobs, ModelRecipes recipes, TrainerOptions options, TimeProvider time, ILogger<FeedbackTrigger> logger) : BackgroundService
{
    static readonly TimeSpan Every = TimeSpan.FromSeconds(30);

    /// <summary>The training that was started, or null.</summary>
    public async Task<JobEvent?> CheckAsync(CancellationToken cancellationToken)
    {
        if (options.FeedbackForTraining == 0)
            return null;
        var before = 0L;
        var claimed = await feedback.ChangeAsync(
            book =>
            {
                before = book.CountedSeq;
                return book.Claim(options.FeedbackForTraining);
            },
            cancellationToken);
        if (claimed is null)
            return null;
        var job = await TryStartAsync(cancellationToken);
        if (job is null)
            await feedback.ChangeAsync(book => book.Release(claimed, before), CancellationToken.None);
        return job;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await CheckAsync(stoppingToken);
            }
#pragma warning disable CA1031 // Nothing depends on this look: the words stay and are looked at again.
            catch (Exception outage) when (!stoppingToken.IsCancellationRequested)
#pragma warning restore CA1031
            {
                Log.FeedbackUnchecked(logger, Every.TotalSeconds, Outages.Describe(outage));
            }
        }
    }

    // A claim that is lost with the process costs only this start: the words are in every later training.
    async Task<JobEvent?> TryStartAsync(CancellationToken cancellationToken)
    {
        try
        {
            var (job, started) = await jobs.StartAsync(recipes.Standard, JobTrigger.Feedback, cancellationToken);
            return job is null ? null : started;
        }
        catch (Exception outage) when (Outages.IsOutage(outage))
        {
            Log.FeedbackUnchecked(logger, Every.TotalSeconds, Outages.Describe(outage));
            return null;
        }
    }
}
