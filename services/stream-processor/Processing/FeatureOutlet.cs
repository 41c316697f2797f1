using Forewarn.Contracts;
using Forewarn.Hosting;

namespace Forewarn.StreamProcessor;

/// <summary>Empties outboxes: schemas first, since a batch names its schema, then all batches of all entities in one call, then what rules have found.</summary>
sealed class FeatureOutlet(KeyedPublisher publisher, SchemaRegistry schemas, Telemetry telemetry)
{
    /// <summary>Publishes what the leased slots have waiting; when it throws, everything stays where it is.</summary>
    public async Task FlushAsync(IReadOnlyList<EntitySlot<EntityState>> slots, CancellationToken cancellationToken)
    {
        await FlushFeaturesAsync(slots, cancellationToken);
        await FlushDetectionsAsync(slots, cancellationToken);
    }

    async Task FlushFeaturesAsync(IReadOnlyList<EntitySlot<EntityState>> slots, CancellationToken cancellationToken)
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

    async Task FlushDetectionsAsync(IReadOnlyList<EntitySlot<EntityState>> slots, CancellationToken cancellationToken)
    {
        List<Outgoing<Detection>>? detections = null;
        foreach (var slot in slots)
        {
            if (slot.State is { Detections.Count: > 0 } state)
                state.Detections.CopyTo(detections ??= []);
        }
        if (detections is null)
            return;
        await publisher.PublishAsync(Components.Alerts, Topics.Detections, detections, ContractJson.Default.Detection, cancellationToken);
        foreach (var slot in slots)
            slot.State?.Detections.Clear();
        telemetry.Thresholds(detections.Count);
    }
}
