using Forewarn.Contracts;

namespace Forewarn.Trainer;

/// <summary>The kind of model that serves a group of entities; see <see cref="GroupLife"/>.</summary>
static class JointKind
{
    public const string Name = "joint";
}

/// <summary>Who trains at the moment. A lease that is not renewed ends by itself: its holder has died.</summary>
/// <param name="JobId">The running job.</param>
/// <param name="Holder">Identity of the process that runs it.</param>
/// <param name="ExpiresAt">Unix milliseconds.</param>
sealed record TrainingLease(string JobId, string Holder, long ExpiresAt);

/// <summary>When something last set off a job.</summary>
/// <param name="Trigger">What it was.</param>
/// <param name="At">Unix milliseconds.</param>
sealed record TriggerTime(JobTrigger Trigger, long At);

/// <summary>
/// The registry: one document, changed only by these functions and those of <see cref="ModelLife"/>, and written only
/// against its ETag. So there is one champion per group, and of two trainers one trains.
/// </summary>
sealed record RegistryDocument
{
    const int JobsKept = 20;

    public int V { get; init; } = 1;

    /// <summary>Newest first.</summary>
    public IReadOnlyList<ModelInfo> Models { get; init; } = [];

    /// <summary>Newest first.</summary>
    public IReadOnlyList<JobEvent> Jobs { get; init; } = [];

    public TrainingLease? Lease { get; init; }

    /// <summary>The newest start of each trigger, whatever became of the job: what several replicas hear at once begins one.</summary>
    public IReadOnlyList<TriggerTime> Begun
    {
        get;
        // What is not in the JSON is set to null all the same: registries written before have none.
        init => field = value ?? [];
    } = [];

    /// <summary>One for each challenger.</summary>
    public IReadOnlyList<Trial> Trials { get; init; } = [];

    /// <summary>The newest promotion of each group; none after a rollback.</summary>
    public IReadOnlyList<Watch> Watches
    {
        get;
        init => field = value ?? [];
    } = [];

    /// <summary>The deciding model of a group: its own, else the one that serves every entity.</summary>
    public ModelInfo? ChampionOf(string group) => OwnChampionOf(group) ?? OwnChampionOf(ModelGroups.Any);

    /// <summary>The deciding models of all groups, by group.</summary>
    public IEnumerable<ModelInfo> Champions => Models.Where(model => model.State == ModelState.Champion).OrderBy(model => model.Group, StringComparer.Ordinal);

    /// <summary>The model that is tried beside <see cref="ChampionOf"/>.</summary>
    public ModelInfo? ChallengerOf(string group) => ChampionOf(group) is { } champion
        ? Models.FirstOrDefault(model => model.Group == champion.Group && model.State == ModelState.Challenger)
        : null;

    /// <summary>The watch over a champion. Whoever made one champion that had been rolled back knows what they do: it has none.</summary>
    public Watch? WatchOf(ModelInfo champion) => champion.RolledBackAt is null
        ? Watches.FirstOrDefault(watch => watch.Champion == champion.Version && watch.Since == champion.ChampionAt)
        : null;

    public ModelInfo? ModelOf(string version) => Models.FirstOrDefault(model => model.Version == version);

    public JobEvent? JobOf(string id) => Jobs.FirstOrDefault(job => job.Id == id);

    /// <summary>The job that keeps others from starting, or null.</summary>
    public JobEvent? RunningAt(long now) => Lease is { } lease && lease.ExpiresAt > now ? JobOf(lease.JobId) : null;

    /// <summary>Starts a job; null while another runs. A job whose holder died is marked failed.</summary>
    public RegistryDocument? Begin(JobEvent job, TrainingLease lease, long now)
    {
        if (RunningAt(now) is not null)
            return null;
        var jobs = Jobs;
        if (Lease is { } dead && JobOf(dead.JobId) is { Status: JobStatus.Running } orphan)
            jobs = Put(jobs, orphan with { Status = JobStatus.Failed, Message = "The trainer that ran it stopped.", At = now });
        return this with
        {
            Jobs = [job, .. jobs.Take(JobsKept - 1)],
            Lease = lease,
            Begun = [.. Begun.Where(other => other.Trigger != job.Trigger), new TriggerTime(job.Trigger, now)],
        };
    }

    /// <summary>When this trigger last began a job, unix milliseconds; null = never.</summary>
    public long? BegunAt(JobTrigger trigger) => Begun.FirstOrDefault(other => other.Trigger == trigger)?.At;

    /// <summary>Records progress and extends the lease; null when the lease belongs to somebody else by now.</summary>
    public RegistryDocument? Advance(JobEvent job, TrainingLease lease) =>
        Holds(lease) ? this with { Jobs = Put(Jobs, job), Lease = lease } : null;

    /// <summary>Ends a job; null when the lease belongs to somebody else by now.</summary>
    public RegistryDocument? End(JobEvent job, TrainingLease lease) =>
        Holds(lease) ? this with { Jobs = Put(Jobs, job), Lease = null } : null;

    /// <summary>The champion that serves this group only.</summary>
    public ModelInfo? OwnChampionOf(string group) => Models.FirstOrDefault(model => model.Group == group && model.State == ModelState.Champion);

    bool Holds(TrainingLease lease) => Lease?.JobId == lease.JobId && Lease.Holder == lease.Holder;

    static JobEvent[] Put(IReadOnlyList<JobEvent> jobs, JobEvent job) => [.. jobs.Select(other => other.Id == job.Id ? job : other)];
}
