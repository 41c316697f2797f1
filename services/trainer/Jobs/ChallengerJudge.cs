using Forewarn.Contracts;

namespace Forewarn.Trainer;

/// <summary>
/// Adds up what predictors report of challengers and decides every minute whether one takes over. Any replica may do
/// either: every step is one guarded write that a second one finds done.
/// </summary>
sealed class ChallengerJudge(
    RegistryStore registry, HistoryReader history, LabelTrials labels, Promotions promotions, Announcer announcer, TrainerOptions options, Telemetry telemetry,
    TimeProvider time, ILogger<ChallengerJudge> logger) : BackgroundService
{
    static readonly TimeSpan Every = TimeSpan.FromMinutes(1);

    TrialLimits Limits => new(
        options.ChallengerTicks, TimeSpan.FromHours(options.ChallengerHours), TimeSpan.FromHours(options.ChallengerMaxHours));

    public async Task TakeAsync(IReadOnlyList<ControlEvent> events, CancellationToken cancellationToken)
    {
        ShadowReport[] reports = [.. events.Select(message => message.Shadow).OfType<ShadowReport>()];
        if (reports.Length > 0)
            await registry.ChangeAsync(document => document.Count(reports), cancellationToken);
    }

    /// <exception cref="HttpRequestException">History does not answer; the challenger goes on being tried.</exception>
    public async Task JudgeAsync(CancellationToken cancellationToken)
    {
        foreach (var begun in (await registry.ReadAsync(cancellationToken)).Trials)
        {
            var (trial, damage) = await labels.ReplayAsync(begun, cancellationToken);
            if (damage is not null)
            {
                await RetireAsync(trial, damage, cancellationToken);
                continue;
            }
            var (sum, now) = (trial.Sum(), time.GetUtcNow().ToUnixTimeMilliseconds());
            var judgement = TrialRules.Judge(sum, now, Limits);
            if (judgement.Outcome == TrialOutcome.Promote && await history.HasUnresolvedIncidentAsync(cancellationToken))
                judgement = TrialRules.Postpone(sum, now, Limits);
            await ApplyAsync(trial, judgement, cancellationToken);
        }
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
#pragma warning disable CA1031 // Nothing depends on this minute's judgement: the champion stays and the next minute judges again.
            catch (Exception outage) when (!stoppingToken.IsCancellationRequested)
#pragma warning restore CA1031
            {
                Log.ChallengersUnjudged(logger, Every.TotalSeconds, Outages.Describe(outage));
            }
        }
    }

    async Task ApplyAsync(Trial trial, Judgement judgement, CancellationToken cancellationToken)
    {
        if (judgement.Outcome == TrialOutcome.Promote)
        {
            // A file that is damaged will not heal: it is not asked for every minute for a week.
            if ((await promotions.PromoteAsync(trial, judgement.Reason, cancellationToken)).Refusal is { } refusal)
                await RetireAsync(trial, refusal.Reason, cancellationToken);
        }
        else if (judgement.Outcome == TrialOutcome.Retire)
        {
            await RetireAsync(trial, judgement.Reason, cancellationToken);
        }
    }

    async Task RetireAsync(Trial trial, string reason, CancellationToken cancellationToken)
    {
        if (await registry.ChangeAsync(document => document.Retire(trial, reason), cancellationToken) is not { } changed)
            return;
        var retired = changed.ModelOf(trial.Challenger)!;
        Log.ChallengerRetired(logger, retired.Version, reason);
        telemetry.Moved(retired);
        await announcer.ModelAsync(retired, $"retired-{trial.Since}", cancellationToken);
    }
}
