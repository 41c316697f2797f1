using Forewarn.Contracts;
using Forewarn.Hosting;

namespace Forewarn.StreamProcessor;

/// <summary>
/// One delivery of <c>metrics.raw</c>, from messages to acknowledged features: lease the entities, load what is unknown,
/// apply, publish. It returns when every entity's outbox is empty and throws otherwise, so that the broker delivers
/// again; what was applied is then recognised and only the publishing is repeated.
/// </summary>
sealed class RawPipeline(
    EntityRegistry<EntityState> registry, EntityLoader loader, MessageSchemas<MetricBatch> schemas, FeatureOutlet outlet, MergeClock merging,
    SourceClock sources, StreamProcessorOptions options, TimeProvider time, Telemetry telemetry, ILogger<RawPipeline> logger)
{
    public async Task HandleAsync(IReadOnlyList<MetricBatch> messages, CancellationToken cancellationToken)
    {
        var readable = await schemas.ResolveAsync(messages, cancellationToken);
        if (readable.Count == 0)
            return;
        using var lease = await registry.LeaseAsync(readable.Keys, cancellationToken);
        await loader.PrepareAsync(lease, readable, cancellationToken);
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var counts = new ApplyCounts();
        foreach (var slot in lease.Slots)
            Apply(slot, readable[slot.Entity], now, ref counts);
        telemetry.Applied(counts);
        await outlet.FlushAsync(lease.Slots, cancellationToken);
    }

    void Apply(EntitySlot<EntityState> slot, List<Readable<MetricBatch>> batches, long now, ref ApplyCounts counts)
    {
        var state = slot.State!;
        var latest = now + (options.MaxAheadSeconds * 1000L);
        var received = 0L;
        var changed = false;
        foreach (var (batch, schema) in batches)
        {
            if (state.Sequence.Check(batch.Producer, batch.Seq) == SequenceVerdict.Duplicate)
            {
                counts.Duplicates++;
                continue;
            }
            var source = sources.Observe(batch, now, latest);
            state.Apply(batch, schema, source.HeardMs(now), now, latest, ref counts);
            received = Math.Max(received, batch.Stamps.Received);
            changed = true;
        }
        if (!changed)
            return;
        var closed = state.Close(now);
        slot.Touch(now);
        if (closed > 0)
            telemetry.Ticks(state.TickCadenceMs, closed, now - received);
        if (state.Thresholds.TakeUnwatched() is > 0 and var unwatched)
            Log.Unwatched(logger, unwatched, slot.Entity, EntityThresholds.MostWatched);
        if (state.Assembler.OpenCount > 0)
            merging.Schedule(slot.Entity, state.Assembler.DueAt);
    }
}
