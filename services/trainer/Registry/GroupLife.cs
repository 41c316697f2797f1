using Forewarn.Contracts;

namespace Forewarn.Trainer;

/// <summary>
/// The life of the joint models of a group of entities, beside <see cref="ModelLife"/>. There is no trial beside the champion:
/// a joint alarm is rare by the tails of its own model, so two of them cannot be compared score by score, and a group of a few
/// entities would not see enough ticks in a week to tell two rates of alarms apart. What a trial would ask first, whether it
/// alarms at ordinary behaviour, a <see cref="JointCheck"/> asks of the newest tenth of history, which the model has not learned.
/// </summary>
static class GroupLife
{
    /// <summary>
    /// Takes in a trained model of a group: as champion unless it fails its check, somebody put the champion there by hand, or it
    /// has learned from nothing newer; then it is kept retired with the reason, for people to promote.
    /// </summary>
    public static RegistryDocument Enter(this RegistryDocument document, ModelInfo candidate, JointCheck check, long now)
    {
        var (known, champion) = (document.ModelOf(candidate.Version), document.OwnChampionOf(candidate.Group));
        if (known is not null && champion is not null)
            return document;
        var entering = candidate with { State = ModelState.Candidate, ChampionAt = known?.ChampionAt, Replaced = known?.Replaced };
        var taken = document with { Models = [entering, .. document.Models.Where(model => model.Version != candidate.Version)] };
        var entered = Objection(candidate, champion, check) is { } objection
            ? taken.Put(entering with { State = ModelState.Retired, Reason = objection })
            : taken.Crown(entering, $"{Reason(candidate, champion)} {check.Summary}", champion?.Version, now);
        return entered.Forget();
    }

    /// <summary>Retires the champions of groups that have had no entity for long; null when there are none.</summary>
    /// <param name="document">The registry.</param>
    /// <param name="living">Groups that have entities.</param>
    /// <param name="before">When a group was last seen to be given up, unix milliseconds.</param>
    public static RegistryDocument? RetireGroups(this RegistryDocument document, IReadOnlySet<string> living, long before)
    {
        var dead = document.Champions.Where(model => model.Kind == JointKind.Name && !living.Contains(model.Group) && document.SeenAt(model.Group) < before).ToList();
        return dead.Count == 0
            ? null
            : dead.Aggregate(document, static (next, model) => next.Put(model with
            {
                State = ModelState.Retired,
                Reason = "Its group has had no entities for longer than its model is kept.",
                ByHandAt = null,
            }));
    }

    // A group that has entities is trained again and again: what was learned last tells when it had some.
    static long SeenAt(this RegistryDocument document, string group) =>
        document.Models.Where(model => model.Group == group).Max(model => model.TrainedTo ?? model.CreatedAt);

    static string? Objection(ModelInfo candidate, ModelInfo? champion, JointCheck check) => champion switch
    {
        null => check.HasPassed ? null : $"{check.Summary} The group goes on without a model of its own.",
        _ when !check.HasPassed => $"{check.Summary} {champion.Version} stays champion.",
        _ when champion.IsOutdatedBy(candidate) => null,
        { ByHandAt: not null } => $"{champion.Version} was made champion by hand and stays until another one is.",
        _ when candidate.TrainedTo <= champion.TrainedTo => $"It has learned from nothing newer than {champion.Version}, which stays champion.",
        _ => null,
    };

    static string Reason(ModelInfo candidate, ModelInfo? champion) =>
        champion is null ? "The first model of its group."
        : champion.IsOutdatedBy(candidate) ? ModelLife.OutdatedReason(champion)
        : $"It has learned from newer history than {champion.Version}.";
}
