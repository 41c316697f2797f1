using System.Threading.Channels;
using Forewarn.Contracts;
using Forewarn.Hosting;

namespace Forewarn.Trainer;

/// <summary>Kinds of jobs, as they appear in events and the registry.</summary>
static class JobKinds
{
    public const string FirstModel = "first-model";
    public const string Train = "train";
    public const string Preview = "preview";
}

/// <summary>A job that was asked for, and the kind of model it is to make.</summary>
/// <param name="Job">The job.</param>
/// <param name="Recipe">Makes the model.</param>
/// <param name="PreviewDays">Only show what the model would have done in so many days; null = publish it.</param>
sealed record TrainingRequest(RunningJob Job, IModelRecipe Recipe, int? PreviewDays = null);

/// <summary>Starts jobs: one at a time over all replicas, by a lease in the registry.</summary>
sealed class TrainingJobs(RegistryStore registry, Announcer announcer, SidecarEnvironment environment, TimeProvider time)
{
    // Room for one: the lease lets no second in.
    readonly Channel<TrainingRequest> _started = Channel.CreateBounded<TrainingRequest>(1);

    /// <summary>Jobs that were asked for and wait for the worker.</summary>
    public ChannelReader<TrainingRequest> Started => _started.Reader;

    /// <summary>Starts a training for the worker to run; when one runs already, that one and no job.</summary>
    public async Task<(RunningJob? Job, JobEvent Event)> StartAsync(IModelRecipe recipe, JobTrigger trigger, CancellationToken cancellationToken)
    {
        var begun = await BeginAsync(JobKinds.Train, trigger, cancellationToken);
        return (await HandOverAsync(begun.Job, recipe), begun.Event!);
    }

    /// <summary>
    /// Starts a training that the clock or a measurement asks for, unless one of the same trigger began less than
    /// <paramref name="gap"/> ago: what every replica hears, or goes on being true, trains once.
    /// </summary>
    /// <returns>The job; else the running one that is in the way; neither when the last was too short a time ago.</returns>
    public async Task<(RunningJob? Job, JobEvent? Event)> StartAsync(IModelRecipe recipe, JobTrigger trigger, TimeSpan gap, CancellationToken cancellationToken)
    {
        var begun = await BeginAsync(JobKinds.Train, trigger, cancellationToken, gap);
        return (await HandOverAsync(begun.Job, recipe), begun.Event);
    }

    /// <summary>Starts a preview for the worker to run; when a job runs already, that one and no job.</summary>
    public async Task<(RunningJob? Job, JobEvent Event)> StartPreviewAsync(IModelRecipe recipe, int days, CancellationToken cancellationToken)
    {
        var begun = await BeginAsync(JobKinds.Preview, JobTrigger.Request, cancellationToken);
        return (await HandOverAsync(begun.Job, recipe, days), begun.Event!);
    }

    /// <summary>Takes the lease for a job that the caller runs; when another runs, that one and no job.</summary>
    /// <param name="kind">Kind of job.</param>
    /// <param name="trigger">What set it off.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <param name="gap">Least time since the same trigger began a job; within it neither job nor event is given.</param>
    public async Task<(RunningJob? Job, JobEvent? Event)> BeginAsync(string kind, JobTrigger trigger, CancellationToken cancellationToken, TimeSpan gap = default)
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var job = new JobEvent
        {
            Id = Guid.CreateVersion7(time.GetUtcNow()).ToString("N"),
            Kind = kind,
            Trigger = trigger,
            Status = JobStatus.Running,
            Progress = 0,
            Message = "started",
            At = now,
        };
        var lease = new TrainingLease(job.Id, environment.Producer, now + (long)RunningJob.LeaseTime.TotalMilliseconds);
        JobEvent? other = null;
        var begun = await registry.ChangeAsync(
            document =>
            {
                other = document.RunningAt(now);
                return document.BegunAt(trigger) is { } last && now - last < gap.TotalMilliseconds ? null : document.Begin(job, lease, now);
            },
            cancellationToken);
        if (begun is null)
            return (null, other);
        await announcer.JobAsync(job, cancellationToken);
        return (new RunningJob(registry, announcer, time, job, lease), job);
    }

    async Task<RunningJob?> HandOverAsync(RunningJob? job, IModelRecipe recipe, int? previewDays = null)
    {
        // From here on the lease is ours: a caller that hangs up must not leave it without a worker.
        if (job is not null)
            await _started.Writer.WriteAsync(new TrainingRequest(job, recipe, previewDays), CancellationToken.None);
        return job;
    }
}
