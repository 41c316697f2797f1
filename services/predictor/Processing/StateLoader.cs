using Forewarn.Contracts;
using Forewarn.Hosting;

namespace Forewarn.Predictor;

/// <summary>
/// Loads unknown entities from their checkpoints, and looks for a later one when numbers are missing. What happened in
/// between is not caught up: calibration can do without half a minute, and an open decision opens again.
/// </summary>
sealed class StateLoader(EntityRegistry<PredictorState> registry, Telemetry telemetry)
{
    const int Concurrency = 16;

    /// <summary>A state this far behind a producer that starts anew may have been another replica's since.</summary>
    const int BehindTicks = 5;

    public async Task PrepareAsync(
        EntityLease<PredictorState> lease, Dictionary<string, List<Readable<FeatureBatch>>> messages, CancellationToken cancellationToken)
    {
        List<EntitySlot<PredictorState>>? stale = null;
        foreach (var slot in lease.Slots)
        {
            if (slot.State is null)
            {
                (stale ??= []).Add(slot);
            }
            else if (slot.State.Sequence.HasGap(messages[slot.Entity], batch => IsBehind(slot.State, batch)))
            {
                telemetry.Gap();
                (stale ??= []).Add(slot);
            }
        }
        if (stale is null)
            return;
        await Parallel.ForEachAsync(stale, new ParallelOptions { MaxDegreeOfParallelism = Concurrency, CancellationToken = cancellationToken },
            async (slot, token) => await registry.LoadAsync(slot, token));
    }

    static bool IsBehind(PredictorState state, FeatureBatch batch) =>
        state.LastTick > 0 && batch.Ticks.Count > 0 && batch.Ticks[0].T - state.LastTick > (long)BehindTicks * batch.CadenceMs;
}
