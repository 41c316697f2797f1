using Forewarn.Contracts;
using Forewarn.Hosting;

namespace Forewarn.StreamProcessor;

/// <summary>Empties outboxes: schemas first, since a batch names its schema, then all batches of all entities in one call.</summary>
sealed class FeatureOutlet(KeyedPublisher publisher, SchemaRegistry schemas)
{
    /// <summary>Publishes what the leased slots have waiting; when it throws, everything stays where it is.</summary>
    public async Task FlushAsync(IReadOnlyList<EntitySlot<EntityState>> slots, CancellationToken cancellationToken)
    {
        var batches = new List<Outgoing<FeatureBatch>>(slots.Count);
        foreach (var slot in slots)
        {
            if (slot.State is not { HasUnpublished: true } state)
                continue;
            foreach (var schema in state.Outbox.Schemas)
                await schemas.PublishAsync(schema, cancellationToken);
            state.Outbox.Batches.CopyTo(batches);
        }
        if (batches.Count == 0)
            return;
        await publisher.PublishAsync(Components.Telemetry, Topics.MetricsFeatures, batches, ContractJson.Default.FeatureBatch, cancellationToken);
        foreach (var slot in slots)
            slot.State?.Outbox.Clear();
    }
}
