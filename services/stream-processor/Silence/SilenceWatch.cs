using System.Runtime.InteropServices;
using Forewarn.Hosting;

namespace Forewarn.StreamProcessor;

/// <summary>
/// Looks at entities without a lease: a value that is changing this moment belongs to an entity that is not silent.
/// All are walked once a second; in between only those are looked at that may become silent before the next walk, which
/// are few, since a regular entity reports before it gets there.
/// </summary>
sealed class SilenceWatch(EntityRegistry<EntityState> registry, SourceClock sources, StreamProcessorOptions options)
{
    const long WalkMs = 1000;

    readonly List<EntitySlot<EntityState>> _watched = [];
    readonly Dictionary<SourceProgress, Census> _census = [];
    long _walkedAt = long.MinValue / 2;
    long _countedAt;

    /// <summary>Where everybody stands who may be silent or has just come back.</summary>
    public IEnumerable<(string Entity, EntityState State, LifeState Verdict)> Look(long now)
    {
        if (now - _walkedAt >= WalkMs)
            Walk(now);
        foreach (var slot in _watched)
        {
            if (slot.State is { } state)
                yield return (slot.Entity, state, SilenceRules.Judge(state.Life, state.LastTick, sources.Of(state.Life.Source), now, options));
        }
    }

    /// <summary>True when so many entities of the door have just missed a beat that the door is the likelier cause.</summary>
    public bool IsDoubted(EntityLife life, SourceProgress source, long now)
    {
        if (_countedAt != now)
            Count(now);
        return _census.TryGetValue(source, out var census) && SilenceRules.IsDoubted(life, source, now, census);
    }

    void Walk(long now)
    {
        _walkedAt = now;
        _watched.Clear();
        foreach (var slot in registry.Slots)
        {
            if (slot.State is { } state && SilenceRules.IsMissed(state.Life, options) && sources.Of(state.Life.Source) is { } source
                && SilenceRules.DueInMs(state.Life, source, now) < WalkMs)
                _watched.Add(slot);
        }
    }

    void Count(long now)
    {
        _countedAt = now;
        _census.Clear();
        foreach (var slot in registry.Slots)
        {
            if (slot.State is not { } state || !SilenceRules.IsMissed(state.Life, options) || sources.Of(state.Life.Source) is not { } source)
                continue;
            ref var census = ref CollectionsMarshal.GetValueRefOrAddDefault(_census, source, out _);
            SilenceRules.Count(state.Life, source, now, ref census);
        }
    }
}
