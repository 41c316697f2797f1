using Forewarn.Contracts;

namespace Forewarn.Trainer;

/// <summary>
/// Starts a training when a group of entities first has history enough for a joint model, and again whenever it has twice what
/// its model could learn from, up to the hours that a training reads: a model of an hour finds the rest of the day strange.
/// </summary>
sealed class GroupTrigger(
    HistoryReader history, EntityGroups groups, RegistryStore registry, TrainingJobs jobs, ModelRecipes recipes, TrainerOptions options,
    TimeProvider time, ILogger<GroupTrigger> logger) : BackgroundService
{
    static readonly TimeSpan Every = TimeSpan.FromMinutes(5);

    // By how much an entity has been seen for longer than it has ordinary history: some is missed, some is inside incidents.
    const double Margin = 1.1;

    // Span that each group was last asked to be trained with: what did not lead to a model must not set off one training after another.
    readonly Dictionary<string, TimeSpan> _asked = new(StringComparer.Ordinal);

    /// <summary>The training that was started, or null.</summary>
    public async Task<JobEvent?> CheckAsync(CancellationToken cancellationToken)
    {
        if (options.Groups == 0)
            return null;
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var since = now - (options.HistoryHours * 3_600_000L);
        var entities = await history.EntitiesAsync(cancellationToken);
        var found = await groups.OfAsync(entities.Where(entity => entity.LastSeen >= since), cancellationToken);
        var document = await registry.ReadAsync(cancellationToken);
        var due = found.Take(options.Groups).Select(group => (Group: group, Span: SpanOf(group, since, now), Learned: LearnedBy(group, document)))
            .Where(each => IsDue(each.Group, each.Span, each.Learned)).ToList();
        if (due.Count == 0)
            return null;
        var (job, started) = await jobs.StartAsync(recipes.Standard, JobTrigger.Group, cancellationToken);
        if (job is null)
            return null;
        foreach (var (group, span, learned) in due)
        {
            _asked[group.Hash] = span;
            Log.GroupDue(logger, group.Hash, group.Entities.Count, Math.Round(span.TotalMinutes), Math.Round(learned.TotalMinutes));
        }
        return started;
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
#pragma warning disable CA1031 // Nothing depends on this look: the next one sees the same groups.
            catch (Exception outage) when (!stoppingToken.IsCancellationRequested)
#pragma warning restore CA1031
            {
                Log.GroupsUnchecked(logger, Every.TotalMinutes, Outages.Describe(outage));
            }
        }
    }

    bool IsDue(EntityGroup group, TimeSpan span, TimeSpan learned)
    {
        var known = _asked.TryGetValue(group.Hash, out var asked) && asked > learned ? asked : learned;
        return span >= TimeSpan.FromMinutes(options.GroupMinMinutes * Margin) && span >= 2 * known;
    }

    static TimeSpan SpanOf(EntityGroup group, long since, long now) =>
        TimeSpan.FromMilliseconds(group.Entities.Max(entity => Math.Min(entity.LastSeen, now) - Math.Max(entity.FirstSeen, since)));

    // What the group's entities had been seen for when its champion was trained: as long as a training read then at most.
    TimeSpan LearnedBy(EntityGroup group, RegistryDocument document)
    {
        if (document.OwnChampionOf(group.Hash) is not { TrainedTo: { } to })
            return TimeSpan.Zero;
        var learned = group.Entities.Max(entity => to - Math.Max(entity.FirstSeen, to - (options.HistoryHours * 3_600_000L)));
        return TimeSpan.FromMilliseconds(Math.Max(0, learned));
    }
}
