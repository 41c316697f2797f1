using Forewarn.Models;

namespace Forewarn.Trainer;

/// <summary>
/// Keeps a trial's comparison on labelled times up to date: replayed when it begins and whenever people have said something
/// new. Any replica may do it; two at once only work twice for the same result.
/// </summary>
sealed class LabelTrials(
    RegistryStore registry, FeedbackStore feedback, LabelReplay replay, ModelStore store, ILogger<LabelTrials> logger)
{
    /// <summary>The trial with its comparison, or why its challenger cannot be replayed and never will.</summary>
    /// <exception cref="HttpRequestException">History does not answer.</exception>
    /// <exception cref="ModelRefusedException">The champion's file is damaged: nobody can be compared with it.</exception>
    public async Task<(Trial Trial, string? Damage)> ReplayAsync(Trial trial, CancellationToken cancellationToken)
    {
        var chosen = replay.Choose(await feedback.ReadAsync(cancellationToken));
        var detection = DetectionOf(trial);
        if (trial.Replay?.Labels == LabelledSpans.IdentityOf(chosen, detection))
            return (trial, null);
        var document = await registry.ReadAsync(cancellationToken);
        if (document.ModelOf(trial.Champion) is not { } champion || document.ModelOf(trial.Challenger) is not { } challenger)
            return (trial, null);
        LoadedModel tried;
        try
        {
            tried = await store.FetchAsync(challenger, cancellationToken);
        }
        catch (ModelRefusedException damaged)
        {
            return (trial, damaged.Message);
        }
        using (tried)
        {
            using var judge = await store.FetchAsync(champion, cancellationToken);
            var result = await replay.RunAsync(chosen, ReplayModel.Of(judge), ReplayModel.Of(tried), detection, cancellationToken);
            Log.LabelsReplayed(logger, trial.Challenger, result.Incidents, result.ChallengerFound, result.ChampionFound, result.FalseAlarms, result.ChallengerRepeated, result.ChampionRepeated);
            var changed = await registry.ChangeAsync(now => now.Compare(trial, result), cancellationToken);
            // An ended trial is judged by what was known of it; every write asks again whether it goes on.
            return (changed?.Trials.FirstOrDefault(other => other.Challenger == trial.Challenger) ?? trial, null);
        }
    }

    /// <summary>What predictors decide by, as they report it.</summary>
    static DetectorOptions DetectionOf(Trial trial) =>
        trial.Sum().FalseAlarmsPerWeek is { } budget ? new DetectorOptions(budget) : new DetectorOptions();
}
