using Forewarn.Analytics;
using Forewarn.Contracts;

namespace Forewarn.Trainer;

enum RefusalKind
{
    /// <summary>There is no such model or group.</summary>
    Unknown,

    /// <summary>It cannot go from its state to the one asked for.</summary>
    Impossible,
}

/// <summary>Why a model does not change its state.</summary>
sealed record Refusal(RefusalKind Kind, string Reason);

/// <summary>A registry in which a model has become champion, or why it has not.</summary>
readonly record struct Promotion(RegistryDocument? Document, ModelInfo? Champion, Refusal? Refusal)
{
    public static Promotion Refused(RefusalKind kind, string reason) => new(null, null, new Refusal(kind, reason));
}

/// <summary>The life of a model, candidate → challenger → champion → retired, as functions of the registry.</summary>
static class ModelLife
{
    const string Generated = "generated";

    /// <summary>Retired versions of a group beyond this are forgotten; their files stay in the store.</summary>
    const int RetiredKept = 100;

    /// <summary>The same of a group of entities: there may be many groups, and the registry is one document.</summary>
    const int RetiredKeptOfEntities = 5;

    /// <summary>
    /// Takes in a trained model: as champion where nobody better decides, else as challenger in place of an older one. One
    /// that was rolled back stays retired: the same rows have given the same model.
    /// </summary>
    public static RegistryDocument Enter(this RegistryDocument document, ModelInfo candidate, long now)
    {
        var known = document.ModelOf(candidate.Version);
        if (known is { State: ModelState.Champion or ModelState.Challenger } or { RolledBackAt: not null })
            return document;
        var entering = candidate with { State = ModelState.Candidate, ChampionAt = known?.ChampionAt, Replaced = known?.Replaced };
        var others = document.Models.Where(model => model.Version != candidate.Version);
        var taken = document with { Models = [entering, .. others] };
        var champion = document.OwnChampionOf(candidate.Group);
        taken = document.ReasonToTrust(candidate, champion) is { } reason
            ? taken.RetireChallenger(candidate.Group, $"A newer model, {candidate.Version}, became champion.").Crown(entering, reason, champion?.Version, now)
            : taken.RetireChallenger(candidate.Group, $"A newer challenger, {candidate.Version}, took its place.").Challenge(entering, champion!, now);
        return taken.Forget();
    }

    /// <summary>Makes a challenger or a retired model champion because somebody wants it.</summary>
    public static Promotion Promote(this RegistryDocument document, string version, string reason, long now) =>
        document.Promoted(version, reason, now, byHand: true);

    static Promotion Promoted(this RegistryDocument document, string version, string reason, long now, bool byHand)
    {
        if (document.ModelOf(version) is not { } model)
            return Promotion.Refused(RefusalKind.Unknown, $"There is no model {version}.");
        return model.State == ModelState.Champion
            ? Promotion.Refused(RefusalKind.Impossible, $"{version} is champion already.")
            : document.Crowned(model, reason, document.OwnChampionOf(model.Group)?.Version, now, byHand);
    }

    /// <summary>Makes the challenger of a trial champion, if the trial still is under way.</summary>
    public static Promotion Promote(this RegistryDocument document, Trial trial, string reason, long now) => document.IsOn(trial)
        ? document.Promoted(trial.Challenger, reason, now, byHand: false)
        : Promotion.Refused(RefusalKind.Impossible, $"The trial of {trial.Challenger} has ended.");

    /// <summary>Goes back to the champion before; again, to the one before that.</summary>
    public static Promotion Rollback(this RegistryDocument document, string group, long now)
    {
        if (document.OwnChampionOf(group) is not { } champion)
            return Promotion.Refused(RefusalKind.Unknown, $"Group '{group}' has no champion of its own.");
        return champion.Replaced is { } version && document.ModelOf(version) is { } before
            ? document.Crowned(before, $"Rolled back from {champion.Version} by hand.", before.Replaced, now, byHand: true)
            : Promotion.Refused(RefusalKind.Impossible, $"{champion.Version} has replaced no model that is known: there is nothing to go back to.");
    }

    /// <summary>
    /// Goes back from a watched champion without being asked. Neither of the two comes back by itself: one that was rolled
    /// back before is no place to go to.
    /// </summary>
    public static Promotion Rollback(this RegistryDocument document, Watch watch, string reason, long now)
    {
        if (document.OwnChampionOf(watch.Group) is not { } champion || document.WatchOf(champion) != watch)
            return Promotion.Refused(RefusalKind.Impossible, $"{watch.Champion} is not watched any more.");
        if (document.ModelOf(watch.Before) is not { RolledBackAt: null } before)
            return Promotion.Refused(RefusalKind.Impossible, $"{watch.Before} is not known any more, or was rolled back itself.");
        var back = document.Crowned(before, $"Rolled back from {champion.Version} by itself: {reason}", before.Replaced, now, byHand: false);
        return back.Document is { } next
            ? back with { Document = next.Put(next.ModelOf(champion.Version)! with { RolledBackAt = now }) }
            : back;
    }

    /// <summary>Retires the challenger of a trial; null when the trial has ended.</summary>
    public static RegistryDocument? Retire(this RegistryDocument document, Trial trial, string reason) =>
        document.IsOn(trial) ? document.RetireChallenger(trial.Group, reason) : null;

    /// <summary>Adds up what replicas have seen of challengers; null when they tell nothing new.</summary>
    public static RegistryDocument? Count(this RegistryDocument document, IReadOnlyList<ShadowReport> reports)
    {
        var counted = document;
        foreach (var trial in document.Trials)
        {
            var next = reports.Aggregate(trial, (sum, report) => sum.With(report));
            if (next == trial)
                continue;
            counted = counted with { Trials = [.. counted.Trials.Select(other => other == trial ? next : other)] };
            counted = counted.Put(counted.ModelOf(trial.Challenger)! with { Comparison = next.Sum() });
        }
        return counted == document ? null : counted;
    }

    /// <summary>Takes in how a challenger and the champion did on what people labelled; null when the trial has ended.</summary>
    public static RegistryDocument? Compare(this RegistryDocument document, Trial trial, IncidentReplay replay)
    {
        if (!document.IsOn(trial))
            return null;
        // Reports may have come in meanwhile: the trial in the document is the newer one.
        var compared = document.Trials.First(other => other.Challenger == trial.Challenger) with { Replay = replay };
        var next = document with { Trials = [.. document.Trials.Select(other => other.Challenger == trial.Challenger ? compared : other)] };
        return next.Put(next.ModelOf(trial.Challenger)! with { Comparison = compared.Sum() });
    }

    /// <summary>Why a model decides without having been tried beside the champion; null when it has to be.</summary>
    static string? ReasonToTrust(this RegistryDocument document, ModelInfo candidate, ModelInfo? champion) => champion switch
    {
        null => "The first model of its group.",
        _ when champion.IsOutdatedBy(candidate) => OutdatedReason(champion),
        // Generated behaviour is a stopgap that knows nobody's hosts. A day of trial would be a day more of its guesses, and
        // it would be compared with a champion that proves nothing.
        { TrainedOn: Generated } when candidate.TrainedOn != Generated && !document.HasComeBack(champion) => "The first model that has learned from history.",
        _ => null,
    };

    internal static bool IsOutdatedBy(this ModelInfo champion, ModelInfo candidate) =>
        champion.FeatureSpec != candidate.FeatureSpec || champion.RowSpec != candidate.RowSpec;

    internal static string OutdatedReason(ModelInfo champion) => $"The champion before, {champion.Version}, reads rows that are not made any more.";

    // Whatever learned from history here did worse: the next one has to show that it does not.
    static bool HasComeBack(this RegistryDocument document, ModelInfo champion) =>
        document.Models.Any(model => model.RolledBackAt is not null && model.Replaced == champion.Version);

    static Promotion Crowned(this RegistryDocument document, ModelInfo model, string reason, string? replaced, long now, bool byHand)
    {
        var rows = model.Kind == JointKind.Name ? JointRow.Version : RowSpec.Version;
        if (model.FeatureSpec != FeatureSpec.Version || model.RowSpec != rows)
        {
            return Promotion.Refused(
                RefusalKind.Impossible, $"{model.Version} reads rows {model.FeatureSpec}/{model.RowSpec}; {FeatureSpec.Version}/{rows} are made now.");
        }
        var next = document.Crown(model, reason, replaced, now, byHand);
        return new(next, next.ModelOf(model.Version), null);
    }

    internal static RegistryDocument Crown(this RegistryDocument document, ModelInfo model, string reason, string? replaced, long now, bool byHand = false)
    {
        var before = document.OwnChampionOf(model.Group);
        var next = document with
        {
            Trials = [.. document.Trials.Where(trial => trial.Challenger != model.Version)],
            Watches = [.. document.Watches.Where(watch => watch.Group != model.Group)],
        };
        // On the way back there is nothing to watch: that champion was one before. Of joint models nobody reports what a watch asks.
        if (before is not null && replaced == before.Version && model.Kind != JointKind.Name)
            next = next with { Watches = [.. next.Watches, new Watch(model.Group, model.Version, before.Version, now)] };
        if (before is not null)
            next = next.Put(before with { State = ModelState.Retired, Reason = $"{model.Version} took its place. {reason}", ByHandAt = null });
        var champion = model with { State = ModelState.Champion, Reason = reason, ChampionAt = now, Replaced = replaced, ByHandAt = byHand ? now : null };
        next = next.Put(champion);
        // What a remaining challenger was compared with decides no more: it is compared anew.
        return next.Trials.FirstOrDefault(trial => trial.Group == model.Group) is { } trial
            ? next.Challenge(next.ModelOf(trial.Challenger)!, champion, now)
            : next;
    }

    static RegistryDocument Challenge(this RegistryDocument document, ModelInfo model, ModelInfo champion, long now)
    {
        var trial = new Trial(model.Group, model.Version, champion.Version, now);
        var next = document with { Trials = [.. document.Trials.Where(other => other.Group != model.Group), trial] };
        return next.Put(model with { State = ModelState.Challenger, Reason = $"On trial beside {champion.Version}.", Comparison = trial.Sum() });
    }

    static RegistryDocument RetireChallenger(this RegistryDocument document, string group, string reason)
    {
        if (document.Trials.FirstOrDefault(trial => trial.Group == group) is not { } trial)
            return document;
        var next = document with { Trials = [.. document.Trials.Where(other => other != trial)] };
        return next.Put(next.ModelOf(trial.Challenger)! with { State = ModelState.Retired, Reason = reason });
    }

    // Never those that decide, are tried, or may be gone back to.
    internal static RegistryDocument Forget(this RegistryDocument document)
    {
        var needed = document.Models.Where(model => model.State == ModelState.Champion).Select(model => model.Replaced).ToHashSet(StringComparer.Ordinal);
        var retired = new Dictionary<string, int>(StringComparer.Ordinal);
        return document with
        {
            Models = [.. document.Models.Where(model => model.State != ModelState.Retired || IsAmongNewest(model) || needed.Contains(model.Version))],
        };

        bool IsAmongNewest(ModelInfo model) =>
            (retired[model.Group] = retired.GetValueOrDefault(model.Group) + 1) <= (model.Kind == JointKind.Name ? RetiredKeptOfEntities : RetiredKept);
    }

    // Reports come in while a trial goes on; what identifies it stays.
    static bool IsOn(this RegistryDocument document, Trial trial) =>
        document.Trials.Any(other => other.Group == trial.Group && other.Challenger == trial.Challenger && other.Since == trial.Since);

    internal static RegistryDocument Put(this RegistryDocument document, ModelInfo model) =>
        document with { Models = [.. document.Models.Select(other => other.Version == model.Version ? model : other)] };
}
