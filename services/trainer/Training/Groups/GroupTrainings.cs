using System.Globalization;
using Forewarn.Analytics;
using Forewarn.Contracts;

namespace Forewarn.Trainer;

/// <summary>
/// Trains a joint model for each group that has enough history, one after another: memory holds one group's rows. What goes wrong
/// with one group is told and does not keep the others from theirs.
/// </summary>
sealed class GroupTrainings(
    HistoryReader history, EntityGroups groups, AbnormalReader abnormal, GroupRows rows, RegistryStore registry, ModelPublisher publisher, Announcer announcer,
    Telemetry telemetry, TrainerOptions options, TimeProvider time, ILogger<GroupTrainings> logger)
{
    /// <param name="job">The training that this is a part of.</param>
    /// <param name="done">Share of the job that is done.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>What became of the groups, for the job's last message; empty when there are none.</returns>
    /// <exception cref="LeaseLostException">The job belongs to another trainer by now.</exception>
    public async Task<string> RunAsync(RunningJob job, double done, CancellationToken cancellationToken)
    {
        if (options.Groups == 0)
            return "";
        try
        {
            var now = time.GetUtcNow().ToUnixTimeMilliseconds();
            var since = now - (options.HistoryHours * 3_600_000L);
            var entities = await history.EntitiesAsync(cancellationToken);
            await RetireAsync(entities, now, cancellationToken);
            var found = await groups.OfAsync(entities.Where(entity => entity.LastSeen >= since), cancellationToken);
            var times = await abnormal.ReadAsync(since, now, cancellationToken);
            var outcomes = new List<GroupOutcome>();
            foreach (var group in found.Take(options.Groups))
            {
                var from = done + ((1 - done) * outcomes.Count / Math.Min(found.Count, options.Groups));
                outcomes.Add(await TryAsync(group, (since, now), times, job, from, cancellationToken));
            }
            return GroupOutcome.Summary(outcomes, found.Count - outcomes.Count);
        }
        catch (Exception outage) when (Outages.IsOutage(outage))
        {
            Log.GroupsFailed(logger, Outages.Describe(outage), outage);
            return $"No group was trained: {Outages.Describe(outage)}";
        }
    }

    async Task<GroupOutcome> TryAsync(
        EntityGroup group, (long From, long To) window, AbnormalTimes times, RunningJob job, double done, CancellationToken cancellationToken)
    {
        GroupOutcome outcome;
        try
        {
            outcome = await TrainAsync(group, window, times, job, done, cancellationToken);
        }
        catch (LeaseLostException)
        {
            throw;
        }
#pragma warning disable CA1031 // Whatever went wrong with this group, the others can still be trained.
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            Log.GroupFailed(logger, group.Hash, Outages.Describe(error), error);
            return new GroupOutcome(group, GroupResult.Failed, Outages.Describe(error));
        }
        Log.GroupDone(logger, group.Hash, group.Entities.Count, outcome.Detail);
        return outcome;
    }

    async Task<GroupOutcome> TrainAsync(
        EntityGroup group, (long From, long To) window, AbnormalTimes times, RunningJob job, double done, CancellationToken cancellationToken)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"group {GroupOutcome.ShortOf(group)} of {group.Entities.Count} entities");
        var longest = TimeSpan.FromMilliseconds(group.Entities.Max(entity => Math.Min(entity.LastSeen, window.To) - Math.Max(entity.FirstSeen, window.From)));
        if (longest.TotalMinutes < options.GroupMinMinutes)
            return TooShort(group, longest);
        await job.ReportAsync(done, $"reading history: {name}", cancellationToken);
        var reported = 0.0;
        var sample = await rows.ReadAsync(
            group, window, times,
            async share =>
            {
                if (share - reported < 0.1)
                    return;
                reported = share;
                await job.ReportAsync(done, string.Create(CultureInfo.InvariantCulture, $"reading history: {name}, {share:P0}"), cancellationToken);
            },
            cancellationToken);
        if (sample.Rows < JointTraining.MinRows || sample.Covered.TotalMinutes < options.GroupMinMinutes)
            return TooShort(group, sample.Covered, string.Create(
                CultureInfo.InvariantCulture, $" on entities that gave {JointTraining.MinRows} rows in the newest {options.HistoryHours} hours"));
        await job.ReportAsync(done, string.Create(CultureInfo.InvariantCulture, $"training a joint model from {sample.Rows} rows: {name}"), cancellationToken);
        var parent = registry.Seen?.OwnChampionOf(group.Hash)?.Version;
        // Seconds of work that must not hold up whoever reports.
        var (model, check) = await Task.Run(() => GroupModels.Make(sample, options.Seed, time.GetUtcNow().ToUnixTimeMilliseconds(), parent), cancellationToken);
        var (entered, isNew) = await publisher.EnterAsync(model, (document, candidate, now) => document.Enter(candidate, check, now), job, cancellationToken);
        return GroupOutcome.Of(group, entered, isNew);
    }

    GroupOutcome TooShort(EntityGroup group, TimeSpan covered, string where = "") => new(group, GroupResult.Waits, string.Create(
        CultureInfo.InvariantCulture, $"{covered.TotalMinutes:0} of {options.GroupMinMinutes} minutes of ordinary history{where}"));

    async Task RetireAsync(IReadOnlyList<EntityInfo> entities, long now, CancellationToken cancellationToken)
    {
        var before = now - (options.GroupRetentionDays * 86_400_000L);
        var living = await groups.OfAsync(entities.Where(entity => entity.LastSeen >= before), cancellationToken);
        var names = living.Select(group => group.Hash).ToHashSet(StringComparer.Ordinal);
        HashSet<string> champions = [];
        var changed = await registry.ChangeAsync(
            document =>
            {
                champions = document.Champions.Select(model => model.Version).ToHashSet(StringComparer.Ordinal);
                return document.RetireGroups(names, before);
            },
            cancellationToken);
        foreach (var retired in (changed?.Models ?? []).Where(model => model.State == ModelState.Retired && champions.Contains(model.Version)))
        {
            Log.GroupRetired(logger, retired.Version, retired.Group, retired.Reason);
            telemetry.Moved(retired);
            await announcer.ModelAsync(retired, $"deserted-{now}", cancellationToken);
        }
    }
}
