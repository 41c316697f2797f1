using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Forewarn.Hosting;

/// <summary>
/// The entities this replica works for. Nothing tells a replica which entities are its own: it owns those whose messages
/// it gets, and recognises by sequence numbers and checkpoints when another replica had them in between. One lease holder
/// per entity at a time, from applying a delivery to its acknowledgement.
/// </summary>
public sealed class EntityRegistry<TState>(
    EntityStateFactory<TState> factory, CheckpointStore store, EntityKeeping keeping, TimeProvider time, ILogger<EntityRegistry<TState>> logger)
    where TState : class, IEntityState
{
    readonly ConcurrentDictionary<string, EntitySlot<TState>> _slots = new(StringComparer.Ordinal);

    public int Count => _slots.Count;

    /// <summary>All slots, to look at; touching one needs a lease.</summary>
    public IEnumerable<EntitySlot<TState>> Slots => _slots.Values;

    internal EntityKeeping Keeping => keeping;

    /// <summary>Takes exclusive hold of entities, in one order everywhere so that two callers never wait for each other.</summary>
    public async Task<EntityLease<TState>> LeaseAsync(IEnumerable<string> entities, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(entities);
        var names = entities.ToArray();
        Array.Sort(names, StringComparer.Ordinal);
        var lease = new EntityLease<TState>(names.Length);
        try
        {
            for (var i = 0; i < names.Length; i++)
            {
                if (i == 0 || !string.Equals(names[i], names[i - 1], StringComparison.Ordinal))
                    lease.Add(await EnterAsync(names[i], cancellationToken));
            }
            return lease;
        }
        catch
        {
            lease.Dispose();
            throw;
        }
    }

    /// <summary>Takes hold of one entity if nobody has it and it is known; null otherwise.</summary>
    public EntityLease<TState>? TryLease(string entity)
    {
        if (!_slots.TryGetValue(entity, out var slot) || !slot.Gate.Wait(0))
            return null;
        var lease = new EntityLease<TState>(1);
        lease.Add(slot);
        if (!slot.Removed)
            return lease;
        lease.Dispose();
        return null;
    }

    /// <summary>
    /// Reads the checkpoint of a leased slot and adopts it when it is later than what the slot has. Returns true when it
    /// was adopted; without a state and a checkpoint the slot gets a new state.
    /// </summary>
    /// <exception cref="Dapr.DaprException">The state store does not answer.</exception>
    public async Task<bool> LoadAsync(EntitySlot<TState> slot, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(slot);
        var (blob, _) = await store.LoadAsync(slot.Entity, cancellationToken);
        var stored = CheckpointFrame.LastTickOf(blob.Span);
        var adopted = false;
        if (stored != long.MinValue && (slot.State is null || stored > slot.State.LastTick))
            adopted = TryAdopt(slot, blob);
        else if (!blob.IsEmpty && stored == long.MinValue)
            HostingLog.CheckpointUnreadable(logger, slot.Entity, "it was written by another version");
        if (slot.State is null)
        {
            slot.State = factory.New(slot.Entity);
            // Entities that came at the same moment must not be saved at the same moment.
            slot.SaveAt = Now() + Random.Shared.NextInt64((long)keeping.CheckpointEvery.TotalMilliseconds);
        }
        return adopted;
    }

    /// <summary>Saves a packed state unless a later one is stored: then another replica works for the entity.</summary>
    internal async Task<SaveResult> SaveAsync(string entity, byte[] blob, long lastTick, CancellationToken cancellationToken)
    {
        var (current, etag) = await store.LoadAsync(entity, cancellationToken);
        if (CheckpointFrame.LastTickOf(current.Span) > lastTick)
            return SaveResult.Lost;
        return await store.TrySaveAsync(entity, blob, etag, keeping.Retention, cancellationToken) ? SaveResult.Saved : SaveResult.Conflict;
    }

    internal void Remove(EntitySlot<TState> slot)
    {
        slot.Removed = true;
        _slots.TryRemove(slot.Entity, out _);
    }

    internal long Now() => time.GetUtcNow().ToUnixTimeMilliseconds();

    bool TryAdopt(EntitySlot<TState> slot, ReadOnlyMemory<byte> blob)
    {
        try
        {
            using var reader = CheckpointFrame.Unpack(blob.Span);
            slot.State = factory.Read(slot.Entity, reader);
            // Saved again soon: who had the entity before learns by it that it is gone.
            slot.SaveAt = Now();
            return true;
        }
        catch (Exception damaged) when (damaged is InvalidDataException or EndOfStreamException)
        {
            HostingLog.CheckpointUnreadable(logger, slot.Entity, damaged.Message);
            return false;
        }
    }

    async Task<EntitySlot<TState>> EnterAsync(string entity, CancellationToken cancellationToken)
    {
        while (true)
        {
            var slot = _slots.GetOrAdd(entity, static name => new EntitySlot<TState>(name));
            await slot.Gate.WaitAsync(cancellationToken);
            if (!slot.Removed)
                return slot;
            slot.Gate.Release();
        }
    }
}

enum SaveResult
{
    Saved,

    /// <summary>Somebody wrote at the same moment; the next round looks again.</summary>
    Conflict,

    /// <summary>A later state is stored.</summary>
    Lost,
}

/// <summary>Exclusive hold of some entities until disposed.</summary>
public sealed class EntityLease<TState>(int capacity) : IDisposable
    where TState : class, IEntityState
{
    readonly List<EntitySlot<TState>> _slots = new(capacity);

    /// <summary>The slots, ordered by entity.</summary>
    public IReadOnlyList<EntitySlot<TState>> Slots => _slots;

    internal void Add(EntitySlot<TState> slot) => _slots.Add(slot);

    public void Dispose()
    {
        foreach (var slot in _slots)
            slot.Gate.Release();
        _slots.Clear();
    }
}
