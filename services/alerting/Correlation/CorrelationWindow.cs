namespace Forewarn.Alerting.Correlation;

/// <summary>
/// Decides whose incident a detection belongs to: its own, that of a first mover it is a symptom of, or a storm. It knows
/// no clock and no outside; the actor keeps its state.
/// </summary>
/// <remarks>
/// A fingerprint is a symptom when it is of an entity that an incident already concerns, or when its entity shares a place
/// with the lead, it began soon after, and at least half of what moved is the same and moved the same way: a shared rack
/// alone says little, and the same metric on two hosts says little, but both at once rarely happen by chance. What a
/// sender vouches for may stand for days, so it explains only what begins soon after it, on its own entity too; and what
/// had begun long before anybody told of it here, as when a sender is new or was away, is no part of a storm.
/// </remarks>
public sealed class CorrelationWindow(string scope, CorrelationState state, CorrelationRules rules)
{
    /// <summary>Most fingerprints remembered; what comes beyond joins the storm.</summary>
    public const int MostMembers = 2000;

    /// <summary>Most pieces of evidence compared.</summary>
    public const int MostEvidence = 3;

    const long RefreshMs = 10_000;
    const string StormWhy = "storm";

    /// <summary>Senders that group and wait tell minutes late.</summary>
    const long LongAgoMs = 600_000;

    /// <summary>Fingerprint of this scope's storm.</summary>
    public string Storm { get; } = Contracts.ContentHash.Of($"storm\n{scope}");

    /// <summary>Something was decided or went on that has to survive a crash.</summary>
    public bool Changed { get; private set; }

    /// <summary>Assigns the fingerprints of one delivery; those that only go on and belong to nothing are left out.</summary>
    public IReadOnlyList<Assignment> Assign(IReadOnlyList<Onset> onsets, long now)
    {
        ArgumentNullException.ThrowIfNull(onsets);
        Forget(now);
        var assignments = new List<Assignment>(onsets.Count);
        var strangers = new List<Onset>();
        foreach (var onset in onsets)
        {
            if (Known(onset, now) is { } known)
                assignments.Add(known);
            else
                strangers.Add(onset);
        }

        // Those that come together are told of together: a burst that is a storm as a whole opens nothing on its way there.
        var firsts = new List<Onset>();
        foreach (var onset in strangers)
        {
            if (onset.Opens && SymptomOf(onset, now) is { } symptom)
                assignments.Add(symptom);
            else if (onset.Opens && !IsOld(onset, now) && !IsStormy(now) && state.Members.Count < MostMembers && FollowerOf(onset, firsts) is null)
                firsts.Add(onset);
        }
        var isStorm = IsStormy(now) || RecentLeads(now) + firsts.Count > rules.StormAbove || state.Members.Count >= MostMembers;
        foreach (var onset in strangers)
        {
            if (assignments.Exists(made => made.Fingerprint == onset.Fingerprint) || !(onset.Opens || (isStorm && !onset.Ends)))
                continue;
            assignments.Add(Place(onset, isStorm, firsts, now));
        }
        return assignments;
    }

    Assignment Place(Onset onset, bool isStorm, List<Onset> firsts, long now)
    {
        if (IsOld(onset, now) && state.Members.Count < MostMembers)
            return Lead(onset, now);
        if (isStorm)
            return JoinStorm(onset, now);
        return FollowerOf(onset, firsts) is { } lead ? Follow(onset, lead.Lead, lead.Why, now) : Lead(onset, now);
    }

    Assignment? Known(Onset onset, long now)
    {
        if (!state.Members.TryGetValue(onset.Fingerprint, out var member))
            return null;
        var held = HeldUntil(onset, now);
        if (now - member.SeenAt >= RefreshMs || held - member.HeldUntil >= RefreshMs || (onset.Ends && member.HeldUntil > now))
            Remember(onset.Fingerprint, member with { SeenAt = now, HeldUntil = Math.Max(held, onset.Ends ? 0 : member.HeldUntil), KeepMs = KeepMsOf(onset) });
        return new Assignment(onset.Fingerprint, member.Lead, member.Why);
    }

    Assignment? SymptomOf(Onset onset, long now)
    {
        foreach (var (_, member) in state.Members)
        {
            if (string.Equals(member.Entity, onset.Entity, StringComparison.Ordinal) && (member.HeldUntil == 0 || now - member.FirstAt <= rules.WithinMs))
                return Follow(onset, member.Lead, "same entity", now);
        }
        Member? best = null;
        var why = "";
        foreach (var (fingerprint, member) in state.Members)
        {
            if (member.Lead != fingerprint || now - member.FirstAt > rules.WithinMs || best?.FirstAt <= member.FirstAt)
                continue;
            if (WhyRelated(onset, member.Evidence, member.Places) is { } reason)
                (best, why) = (member, reason);
        }
        return best is null ? null : Follow(onset, best.Lead, why, now);
    }

    static (string Lead, string Why)? FollowerOf(Onset onset, List<Onset> firsts)
    {
        foreach (var first in firsts)
        {
            if (first.Fingerprint == onset.Fingerprint)
                return null;
            if (first.Entity == onset.Entity)
                return (first.Fingerprint, "same entity");
            if (WhyRelated(onset, first.Evidence, first.Places) is { } why)
                return (first.Fingerprint, why);
        }
        return null;
    }

    static string? WhyRelated(Onset onset, IReadOnlyList<string> evidence, IReadOnlyList<string> places)
    {
        var place = onset.Places.FirstOrDefault(places.Contains);
        if (place is null)
            return null;
        var shared = onset.Evidence.Where(evidence.Contains).ToList();
        var needed = (Math.Min(onset.Evidence.Count, evidence.Count) + 1) / 2;
        return shared.Count > 0 && shared.Count >= needed ? $"{place}, {string.Join(", ", shared)}" : null;
    }

    Assignment Lead(Onset onset, long now) => Follow(onset, onset.Fingerprint, "", now);

    Assignment Follow(Onset onset, string lead, string why, long now)
    {
        Remember(onset.Fingerprint, new Member
        {
            Lead = lead,
            Why = why,
            Entity = onset.Entity,
            Evidence = onset.Evidence,
            Places = onset.Places,
            FirstAt = IsOld(onset, now) ? onset.Since : now,
            SeenAt = now,
            HeldUntil = HeldUntil(onset, now),
            KeepMs = KeepMsOf(onset),
        });
        return new Assignment(onset.Fingerprint, lead, why);
    }

    /// <summary>
    /// Members of a storm are not remembered one by one: while it lasts, every stranger is one. Those that a sender vouches for are, as
    /// far as there is room, since they may come again, and end, when the storm is long over.
    /// </summary>
    Assignment JoinStorm(Onset onset, long now)
    {
        if (HeldUntil(onset, now) > now && state.Members.Count < MostMembers / 2)
            Follow(onset, Storm, StormWhy, now);
        Changed |= now - state.StormSeenAt >= RefreshMs || state.StormQuietMs < KeepMsOf(onset);
        state.StormQuietMs = IsStormy(now) ? Math.Max(state.StormQuietMs, KeepMsOf(onset)) : KeepMsOf(onset);
        state.StormSeenAt = now;
        return new Assignment(onset.Fingerprint, Storm, StormWhy);
    }

    bool IsStormy(long now) => state.StormSeenAt > 0 && now - state.StormSeenAt <= state.StormQuietMs;

    int RecentLeads(long now) => state.Members.Count(entry => entry.Value.Lead == entry.Key && now - entry.Value.FirstAt <= rules.StormWithinMs);

    void Remember(string fingerprint, Member member)
    {
        state.Members[fingerprint] = member;
        Changed = true;
    }

    void Forget(long now)
    {
        foreach (var (fingerprint, member) in state.Members)
        {
            if (now - Math.Max(member.SeenAt, member.HeldUntil) > member.KeepMs + RefreshMs && state.Members.Remove(fingerprint))
                Changed = true;
        }
    }

    /// <summary>0 where nobody vouches for it; what has ended was vouched for until now.</summary>
    static long HeldUntil(Onset onset, long now) => onset.HoldsUntil is not { } until ? 0 : onset.Ends ? Math.Min(until, now) : until;

    static bool IsOld(Onset onset, long now) => onset.HoldsUntil is not null && now - onset.Since > LongAgoMs;

    long KeepMsOf(Onset onset) => Math.Max(rules.KeepMs, (long)(rules.KeepSteps * onset.StepMs));
}
