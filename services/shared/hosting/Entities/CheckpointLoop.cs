using Grpc.Core;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Forewarn.Hosting;

/// <summary>
/// Saves changed states, spread over time and bounded in concurrency and bytes per second, and everything once more at
/// shutdown. Drops entities that another replica has taken or that have been idle for long.
/// </summary>
public sealed class CheckpointLoop<TState>(EntityRegistry<TState> registry, TimeProvider time, ILogger<CheckpointLoop<TState>> logger) : BackgroundService
    where TState : class, IEntityState
{
    static readonly TimeSpan Round = TimeSpan.FromSeconds(1);

    readonly EntityKeeping _keeping = registry.Keeping;
    DateTimeOffset _quietUntil;

    /// <summary>One round: saves what is due. Returns how many were saved.</summary>
    public async Task<int> SaveDueAsync(CancellationToken cancellationToken)
    {
        var now = registry.Now();
        var due = new List<string>();
        foreach (var slot in registry.Slots)
        {
            if (slot.Changed ? slot.SaveAt <= now : now - slot.LastUsed > _keeping.IdleAfter.TotalMilliseconds)
                due.Add(slot.Entity);
        }
        return await SaveAsync(due, _keeping.Concurrency, _keeping.BytesPerSecond, cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        var changed = registry.Slots.Where(slot => slot.Changed).OrderBy(slot => slot.SaveAt).Select(slot => slot.Entity).ToList();
        var saved = await SaveAsync(changed, 2 * _keeping.Concurrency, int.MaxValue, cancellationToken);
        HostingLog.CheckpointsAtShutdown(logger, saved);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Round, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            HostingTelemetry.Entities.Record(registry.Count);
            if (time.GetUtcNow() >= _quietUntil)
                await SaveDueAsync(stoppingToken);
        }
    }

    async Task<int> SaveAsync(List<string> entities, int concurrency, int bytesPerSecond, CancellationToken cancellationToken)
    {
        var saved = 0;
        long bytes = 0;
        var started = time.GetTimestamp();
        try
        {
            await Parallel.ForEachAsync(entities, new ParallelOptions { MaxDegreeOfParallelism = concurrency, CancellationToken = cancellationToken },
                async (entity, token) =>
                {
                    var written = await SaveOneAsync(entity, token);
                    if (written == 0)
                        return;
                    Interlocked.Increment(ref saved);
                    var pause = (double)Interlocked.Add(ref bytes, written) / bytesPerSecond - time.GetElapsedTime(started).TotalSeconds;
                    if (pause > 0)
                        await Task.Delay(TimeSpan.FromSeconds(pause), time, token);
                });
        }
        catch (Exception outage) when (outage is Dapr.DaprException or RpcException or HttpRequestException)
        {
            HostingLog.CheckpointFailed(logger, outage);
            _quietUntil = time.GetUtcNow() + TimeSpan.FromSeconds(10);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The time for a shutdown is over: what is missing is caught up from history.
        }
        return saved;
    }

    // The lease is held while packing only: the stream must not wait for the state store.
    async Task<int> SaveOneAsync(string entity, CancellationToken cancellationToken)
    {
        byte[] blob;
        long lastTick;
        var lease = registry.TryLease(entity);
        if (lease is null)
            return 0;
        EntitySlot<TState> slot;
        using (lease)
        {
            slot = lease.Slots[0];
            if (slot.State is not { LastTick: > 0, HasUnpublished: false } state || !slot.Changed)
            {
                RemoveIfIdle(slot);
                return 0;
            }
            blob = CheckpointFrame.Pack(state);
            lastTick = state.LastTick;
            slot.Saved(registry.Now() + (long)_keeping.CheckpointEvery.TotalMilliseconds);
        }
        var result = await TrySaveAsync(slot, blob, lastTick, cancellationToken);
        if (result == SaveResult.Lost)
            await DropAsync(entity, lastTick, cancellationToken);
        return result == SaveResult.Saved ? blob.Length : 0;
    }

    async Task<SaveResult> TrySaveAsync(EntitySlot<TState> slot, byte[] blob, long lastTick, CancellationToken cancellationToken)
    {
        var result = SaveResult.Conflict;
        try
        {
            result = await registry.SaveAsync(slot.Entity, blob, lastTick, cancellationToken);
            return result;
        }
        finally
        {
            if (result == SaveResult.Conflict)
                slot.Unsaved();
        }
    }

    async Task DropAsync(string entity, long lastTick, CancellationToken cancellationToken)
    {
        using var lease = await registry.LeaseAsync([entity], cancellationToken);
        var slot = lease.Slots[0];

        // Messages may have come since: then it is ours again, and the gap in their numbers has made it load.
        if (slot.State is { } state && state.LastTick != lastTick)
            return;
        registry.Remove(slot);
        HostingLog.EntityLost(logger, entity);
    }

    void RemoveIfIdle(EntitySlot<TState> slot)
    {
        if (registry.Now() - slot.LastUsed > _keeping.IdleAfter.TotalMilliseconds)
            registry.Remove(slot);
    }
}
