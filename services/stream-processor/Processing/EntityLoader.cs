using Forewarn.Contracts;
using Forewarn.Hosting;

namespace Forewarn.StreamProcessor;

/// <summary>
/// Makes the states of a delivery ready: an unknown entity is loaded from its checkpoint, a gap in the numbers means that
/// somebody else had it, and what happened in between is read from history. A brand-new entity costs one look into the
/// state store.
/// </summary>
sealed class EntityLoader(EntityRegistry<EntityState> registry, HistoryCatchUp catchUp, TimeProvider time, Telemetry telemetry)
{
    const int Concurrency = 16;

    public async Task PrepareAsync(
        EntityLease<EntityState> lease, Dictionary<string, List<Readable<MetricBatch>>> messages, CancellationToken cancellationToken)
    {
        List<EntitySlot<EntityState>>? stale = null;
        foreach (var slot in lease.Slots)
        {
            if (slot.State is null || HasGap(slot.State, messages[slot.Entity]))
                (stale ??= []).Add(slot);
        }
        if (stale is null)
            return;
        await Parallel.ForEachAsync(stale, new ParallelOptions { MaxDegreeOfParallelism = Concurrency, CancellationToken = cancellationToken },
            async (slot, token) => await LoadAsync(slot, messages[slot.Entity], token));
    }

    async Task LoadAsync(EntitySlot<EntityState> slot, List<Readable<MetricBatch>> batches, CancellationToken cancellationToken)
    {
        var known = slot.State is not null;

        // Ticks that wait for a part are ours to publish; catching up would pass over them.
        slot.State?.Close(time.GetUtcNow().ToUnixTimeMilliseconds(), force: true);
        var adopted = await registry.LoadAsync(slot, cancellationToken);
        var state = slot.State!;

        // Number 1 of an entity without checkpoint: nobody has seen it before, so history has nothing either.
        var hasPast = known || adopted || HasGap(state, batches);
        if (!hasPast || FirstTick(state, batches) is not { } first)
            return;
        if (HasGap(state, batches))
            telemetry.Applied(new ApplyCounts { Gaps = 1 });
        await catchUp.RunAsync(state, first, cancellationToken);
    }

    static bool HasGap(EntityState state, List<Readable<MetricBatch>> batches) =>
        state.Sequence.HasGap(batches, batch => IsBehind(state, batch));

    // A producer that starts while our state lies far back: another replica may have served the one before it.
    static bool IsBehind(EntityState state, MetricBatch batch) =>
        state.LastTick > 0 && batch.Rows.Count > 0 && batch.Rows[0].T - state.LastTick > state.Life.PauseMs;

    static long? FirstTick(EntityState state, List<Readable<MetricBatch>> batches)
    {
        long? first = null;
        foreach (var (batch, _) in batches)
        {
            if (state.Sequence.Check(batch.Producer, batch.Seq) == SequenceVerdict.Duplicate)
                continue;
            foreach (var row in batch.Rows)
                first = first is { } t ? Math.Min(t, row.T) : row.T;
        }
        return first is { } time ? TickAssembler.TickOf(time) : null;
    }
}
