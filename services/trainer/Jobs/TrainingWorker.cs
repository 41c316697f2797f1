using System.Globalization;
using Forewarn.Analytics;
using Forewarn.Contracts;

namespace Forewarn.Trainer;

/// <summary>Makes the first model when there is none, then runs the trainings that are asked for, one after another.</summary>
sealed class TrainingWorker(
    TrainingJobs jobs, RegistryStore registry, FeedbackStore feedback, HistoryRows history, GeneratedRows generatedRows, ModelRecipes recipes, ModelPublisher publisher, GroupTrainings groups, PreviewReplay previews, TrainerOptions options,
    Telemetry telemetry, TimeProvider time, ILogger<TrainingWorker> logger) : BackgroundService
{
    static readonly TimeSpan Retry = TimeSpan.FromSeconds(1);
    static readonly TimeSpan ReportEvery = TimeSpan.FromSeconds(1);

    /// <summary>Runs one job that the caller holds the lease of; how it ended stands in the job.</summary>
    public Task RunAsync(TrainingRequest request, CancellationToken cancellationToken) => RunAsync(
        request.Job,
        token => request.PreviewDays is { } back ? PreviewAsync(request.Job, request.Recipe, back, token) : TrainAsync(request.Job, request.Recipe, token),
        cancellationToken);

    // Training blocks its thread for a while; the host must not wait for it to start.
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.Run(() => WorkAsync(stoppingToken), stoppingToken);

    async Task WorkAsync(CancellationToken stoppingToken)
    {
        while (!await HasModelAsync(stoppingToken))
            await Task.Delay(Retry, time, stoppingToken);
        await foreach (var request in jobs.Started.ReadAllAsync(stoppingToken))
            await RunAsync(request, stoppingToken);
    }

    /// <summary>True when predictors have a model to load, after making one if nobody else does.</summary>
    async Task<bool> HasModelAsync(CancellationToken stoppingToken)
    {
        try
        {
            if (IsServed(await registry.ReadAsync(stoppingToken)))
                return true;
            if ((await jobs.BeginAsync(JobKinds.FirstModel, JobTrigger.Start, stoppingToken)).Job is { } job)
                await RunAsync(job, token => TrainFirstAsync(job, token), stoppingToken);
            return IsServed(await registry.ReadAsync(stoppingToken));
        }
        catch (Exception outage) when (Outages.IsOutage(outage))
        {
            Log.RegistryUnreachable(logger, Outages.Describe(outage), Retry.TotalSeconds);
            return false;
        }
    }

    // A champion for rows of another specification serves nobody who runs this code.
    static bool IsServed(RegistryDocument document) =>
        document.ChampionOf(ModelGroups.Any) is { FeatureSpec: FeatureSpec.Version, RowSpec: RowSpec.Version };

    async Task TrainAsync(RunningJob job, IModelRecipe recipe, CancellationToken cancellationToken)
    {
        await job.ReportAsync(0.01, "reading history", cancellationToken);
        // Counted whether or not this succeeds: a training that keeps failing must not be set off by the same words for ever.
        await feedback.ChangeAsync(book => book.Count(book.Seq), cancellationToken);
        const double part = 0.5;
        var model = await TrainedAsync(job, recipe, await ReadAsync(job, part, cancellationToken), part, cancellationToken);
        var outcome = await publisher.PublishAsync(model, job, cancellationToken);
        var joint = await groups.RunAsync(job, part, cancellationToken);
        await job.EndAsync(JobStatus.Succeeded, $"{outcome} {joint}".TrimEnd(), model.Manifest.Version, cancellationToken);
    }

    async Task TrainFirstAsync(RunningJob job, CancellationToken cancellationToken)
    {
        var model = await TrainedAsync(job, recipes.Standard, HistorySample.Empty, 1, cancellationToken);
        await publisher.PublishLastAsync(model, job, cancellationToken);
    }

    async Task PreviewAsync(RunningJob job, IModelRecipe recipe, int days, CancellationToken cancellationToken)
    {
        const double part = 0.5;
        await job.ReportAsync(0.01, "reading history", cancellationToken);
        var model = await TrainedAsync(job, recipe, await ReadAsync(job, part, cancellationToken), part, cancellationToken);
        await previews.RunAsync(job, model, days, part, cancellationToken);
    }

    async Task<HistorySample> ReadAsync(RunningJob job, double part, CancellationToken cancellationToken)
    {
        var reported = 0.0;
        return await history.CollectAsync(
            async (share, rows) =>
            {
                if (share - reported < 0.02 && share < 1)
                    return;
                reported = share;
                await job.ReportAsync(part * 0.6 * share, string.Create(CultureInfo.InvariantCulture, $"reading history: {rows} rows"), cancellationToken);
            },
            cancellationToken);
    }

    /// <summary>Rows to a verified model that nobody has heard of yet, in this part of the job's progress.</summary>
    async Task<TrainedModel> TrainedAsync(RunningJob job, IModelRecipe recipe, HistorySample sample, double part, CancellationToken cancellationToken)
    {
        var isShort = sample.Blocks.Sum(block => block.Count) < options.MinHistoryRows;
        if (isShort)
            await job.ReportAsync(part * 0.62, "generating normal behaviour", cancellationToken);
        var generated = isShort ? generatedRows.Of(options.Seed) : new TrainingRows([], 0, RowSpec.Count);
        var set = TrainingSet.Build(sample, generated, options.MinHistoryRows, options.Seed);

        var trained = await WatchAsync(job, (part * 0.65, part * 0.7), recipe.Step(set.RowCount), progress => recipe.Train(set.ForTraining(), progress), cancellationToken);
        var calibrating = string.Create(CultureInfo.InvariantCulture, $"calibrating on {set.RowCount} rows, each by a model that has not seen it");
        var scores = await WatchAsync(job, (part * 0.7, part * 0.9), calibrating, progress => ModelMaker.HeldOutScores(set, recipe, progress), cancellationToken);
        await job.ReportAsync(part * 0.9, "exporting and verifying", cancellationToken);
        var parent = registry.Seen?.ChampionOf(ModelGroups.Any)?.Version;
        return ModelMaker.Export(recipe.Kind, trained, set, scores, time.GetUtcNow().ToUnixTimeMilliseconds(), parent);
    }

    /// <summary>Runs work that computes and reports while it does, between two marks of the job's progress.</summary>
    async Task<T> WatchAsync<T>(RunningJob job, (double From, double To) marks, string step, Func<Action<double>, T> work, CancellationToken cancellationToken)
    {
        await job.ReportAsync(marks.From, step, cancellationToken);
        var share = 0.0;
        var running = Task.Run(() => work(done => Volatile.Write(ref share, done)), cancellationToken);
        while (await Task.WhenAny(running, Task.Delay(ReportEvery, time, cancellationToken)) != running)
        {
            try
            {
                await job.ReportAsync(marks.From + ((marks.To - marks.From) * Volatile.Read(ref share)), step, cancellationToken);
            }
            catch (Exception outage) when (Outages.IsOutage(outage))
            {
                // Minutes of work do not end with a store that is away for a moment; the next step finds out.
            }
        }
        return await running;
    }

    async Task RunAsync(RunningJob job, Func<CancellationToken, Task> work, CancellationToken stoppingToken)
    {
        Log.JobStarted(logger, job.Id, job.Kind);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        var alive = job.KeepAliveAsync(ended.Token);
        try
        {
            await work(ended.Token);
            Log.JobSucceeded(logger, job.Id, job.Current.Message);
        }
        catch (LeaseLostException)
        {
            Log.LeaseLost(logger, job.Id);
        }
#pragma warning disable CA1031 // Whatever went wrong ends this job with its reason; the trainer goes on.
        catch (Exception error)
#pragma warning restore CA1031
        {
            await FailAsync(job, stoppingToken.IsCancellationRequested ? "The trainer was stopped." : Outages.Describe(error), error);
        }
        await ended.CancelAsync();
        await alive.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        telemetry.JobEnded(job.Current, job.Elapsed);
        stoppingToken.ThrowIfCancellationRequested();
    }

    async Task FailAsync(RunningJob job, string reason, Exception error)
    {
        Log.JobFailed(logger, job.Id, reason, error);
        using var soon = new CancellationTokenSource(TimeSpan.FromSeconds(2), time);
        try
        {
            await job.EndAsync(JobStatus.Failed, reason, model: null, soon.Token);
        }
#pragma warning disable CA1031 // Nobody is left to tell: the lease runs out and whoever comes next marks the job failed.
        catch (Exception)
#pragma warning restore CA1031
        {
            return;
        }
    }
}
