using System.Collections.Concurrent;
using Forewarn.Contracts;
using Forewarn.Models;

namespace Forewarn.Trainer;

/// <summary>A look at the champion.</summary>
/// <param name="Status">What people are told.</param>
/// <param name="Champion">The champion; null while there is none.</param>
/// <param name="Watch">It is watched.</param>
/// <param name="Judgement">Of the watch.</param>
sealed record Assessment(ModelDrift Status, ModelInfo? Champion, Watch? Watch, WatchJudgement Judgement);

/// <summary>
/// Adds up what predictors report of the champion and looks at it every minute: one that was promoted lately and does
/// badly is rolled back; when measurements have moved away from what it learned, a training starts. Any replica may do
/// either: each is one guarded write that a second one finds done.
/// </summary>
sealed class ChampionJudge(
    RegistryStore registry, DriftStore drift, FeedbackStore feedback, ModelStore store, HistoryReader history, Promotions promotions, TrainingJobs jobs, ModelRecipes recipes,
    TrainerOptions options, Telemetry telemetry, TimeProvider time, ILogger<ChampionJudge> logger) : BackgroundService
{
    const long HourMs = 3_600_000;

    /// <summary>On less, a champion's own rate is chance.</summary>
    static readonly TimeSpan LeastWatched = TimeSpan.FromHours(24);

    static readonly TimeSpan Every = TimeSpan.FromMinutes(1);

    // Manifests never change; a trainer meets few versions.
    readonly ConcurrentDictionary<string, ModelManifest> _manifests = new(StringComparer.Ordinal);

    /// <summary>What could not be rolled back: said once.</summary>
    Watch? _stays;

    DriftLimits Limits => new(options.DriftPsi, options.DriftTicks, options.DriftHours);

    public async Task TakeAsync(IReadOnlyList<ControlEvent> events, CancellationToken cancellationToken)
    {
        ChampionReport[] reports = [.. events.Select(message => message.Champion).OfType<ChampionReport>()];
        if (reports.Length > 0)
            await drift.ChangeAsync(document => document.Count(reports), cancellationToken);
    }

    /// <summary>How the champion does; changes nothing.</summary>
    /// <exception cref="HttpRequestException">History does not answer, and alarms have to be told from confirmed incidents.</exception>
    /// <exception cref="Dapr.DaprException">A store does not answer.</exception>
    public async Task<Assessment> AssessAsync(CancellationToken cancellationToken)
    {
        var document = await registry.ReadAsync(cancellationToken);
        if (document.ChampionOf(ModelGroups.Any) is not { } champion)
            return new(Status(null, "There is no champion yet."), null, null, default);
        var seen = await drift.ReadAsync(cancellationToken);
        var now = Now();
        // The hour under way counts as one.
        var sum = seen.Sum(champion.Version, champion.ChampionAt ?? 0, now - ((options.DriftHours - 1) * HourMs));
        var finding = DriftRules.Judge(sum, await ManifestAsync(champion, cancellationToken), Limits);
        telemetry.Drift(finding);
        var status = Status(champion.Version, finding.Summary) with
        {
            Moved = finding.Moved,
            Hours = sum.Hours,
            Ticks = sum.Ticks,
            Score = finding.Score,
            Features = finding.Features,
        };
        if (document.WatchOf(champion) is not { } watch || now - watch.Since >= TimeSpan.FromHours(options.WatchHours).TotalMilliseconds)
            return new(status, champion, null, default);
        var watched = await WatchAsync(document, seen, watch, finding, cancellationToken);
        var judgement = WatchRules.Judge(watched, options.WatchRateFactor);
        return new(status with { Watch = Tell(watch, watched, judgement) }, champion, watch, judgement);
    }

    /// <exception cref="HttpRequestException">History does not answer; the champion stays for now.</exception>
    public async Task JudgeAsync(CancellationToken cancellationToken)
    {
        var seen = await AssessAsync(cancellationToken);
        if (seen is { Watch: { } watch, Judgement: { RollBack: true, Reason: var reason } })
        {
            var (_, refusal) = await promotions.RollbackAsync(watch, reason, cancellationToken);
            if (refusal is null)
            {
                Log.RolledBack(logger, watch.Champion, watch.Before, reason);
                return;
            }
            if (_stays != watch)
                Log.NotRolledBack(logger, watch.Champion, reason, refusal.Reason);
            _stays = watch;
        }
        if (!seen.Status.Moved)
            return;
        var (job, _) = await jobs.StartAsync(recipes.Standard, JobTrigger.Drift, TimeSpan.FromHours(options.DriftCooldownHours), cancellationToken);
        if (job is not null)
            Log.DriftTrains(logger, job.Id, seen.Status.Summary);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await JudgeAsync(stoppingToken);
            }
#pragma warning disable CA1031 // Nothing depends on this minute's look: the champion stays and the next minute looks again.
            catch (Exception outage) when (!stoppingToken.IsCancellationRequested)
#pragma warning restore CA1031
            {
                Log.ChampionUnjudged(logger, Every.TotalSeconds, Outages.Describe(outage));
            }
        }
    }

    async Task<WatchedChampion> WatchAsync(RegistryDocument document, DriftDocument seen, Watch watch, DriftFinding finding, CancellationToken cancellationToken)
    {
        var sum = seen.Sum(watch.Champion, watch.Since, watch.Since);
        var before = document.ModelOf(watch.Before);
        var beforeSum = before is null ? ChampionSum.Empty : seen.Sum(before.Version, before.ChampionAt ?? 0, 0);
        var confirmed = await ConfirmedAsync(sum.Alarms(Nobody) > 0 || beforeSum.Alarms(Nobody) > 0, cancellationToken);
        return new(
            sum.Watched, sum.Alarms(confirmed), sum.FalseAlarmsPerWeek, BeforePerWeek(document.ModelOf(watch.Champion)!, beforeSum, confirmed), finding,
            finding.Moved && before is not null ? await WorstAsync(before, beforeSum, cancellationToken) : null);
    }

    /// <summary>What the champion before opened in its own time, or beside the new one's trial if that was more.</summary>
    static double? BeforePerWeek(ModelInfo champion, ChampionSum before, IReadOnlySet<string> confirmed)
    {
        var own = before.Watched >= LeastWatched ? before.AlarmsPerWeek(confirmed) : null;
        if (champion.Comparison is not { Ticks: > 0 } trial || trial.Against != champion.Replaced)
            return own;
        var beside = trial.ChampionOpenings / (TimeSpan.FromMilliseconds(trial.Ticks * (double)CadenceRules.Ticks.CadenceMs) / TimeSpan.FromDays(7));
        return Math.Max(own ?? 0, beside);
    }

    async Task<double?> WorstAsync(ModelInfo before, ChampionSum sum, CancellationToken cancellationToken)
    {
        var finding = DriftRules.Judge(sum, await ManifestAsync(before, cancellationToken), Limits);
        return finding.IsEnough ? finding.Worst : null;
    }

    /// <summary>Entities with an incident that somebody called useful, or took on without calling it a false alarm: what alarmed there was right.</summary>
    async Task<IReadOnlySet<string>> ConfirmedAsync(bool matters, CancellationToken cancellationToken)
    {
        if (!matters)
            return Nobody;
        var incidents = await history.IncidentsAsync(Now() - (DriftDocument.HoursKept * HourMs), cancellationToken);
        var book = await feedback.ReadAsync(cancellationToken);
        return incidents.Where(incident => IsConfirmed(incident, book.KindOf(incident.Id))).Select(incident => incident.Entity).ToHashSet(StringComparer.Ordinal);
    }

    static bool IsConfirmed(IncidentEvent incident, FeedbackKind? word) =>
        word is FeedbackKind.Useful || (incident.AcknowledgedAt is not null && word is not FeedbackKind.FalseAlarm);

    async ValueTask<ModelManifest> ManifestAsync(ModelInfo model, CancellationToken cancellationToken) =>
        _manifests.TryGetValue(model.Version, out var known)
            ? known
            : _manifests[model.Version] = await store.ReadManifestAsync(model, cancellationToken);

    ModelDrift Status(string? model, string summary) => new()
    {
        Model = model,
        Summary = summary,
        Bound = options.DriftPsi,
        HoursNeeded = options.DriftHours,
        TicksNeeded = options.DriftTicks,
    };

    ModelWatch Tell(Watch watch, WatchedChampion watched, WatchJudgement judgement) => new()
    {
        Until = watch.Since + (long)TimeSpan.FromHours(options.WatchHours).TotalMilliseconds,
        Before = watch.Before,
        Hours = watched.Watched.TotalHours,
        Alarms = watched.Alarms,
        Allowed = judgement.Allowed,
        Summary = judgement.Reason,
    };

    static IReadOnlySet<string> Nobody { get; } = new HashSet<string>(StringComparer.Ordinal);

    long Now() => time.GetUtcNow().ToUnixTimeMilliseconds();
}
