using Forewarn.Contracts;
using Forewarn.Hosting;

namespace Forewarn.Predictor;

/// <summary>Empties outboxes, alarms first.</summary>
sealed class PredictionOutlet(KeyedPublisher publisher)
{
    /// <summary>Publishes what the leased slots have waiting; what could not be published stays.</summary>
    public async Task FlushAsync(IReadOnlyList<EntitySlot<PredictorState>> slots, CancellationToken cancellationToken)
    {
        var detections = new List<Outgoing<Detection>>();
        var predictions = new List<Outgoing<PredictionBatch>>(slots.Count);
        foreach (var slot in slots)
        {
            slot.State?.Detections.CopyTo(detections);
            slot.State?.Predictions.CopyTo(predictions);
        }
        if (detections.Count > 0)
        {
            await publisher.PublishAsync(Components.Alerts, Topics.Detections, detections, ContractJson.Default.Detection, cancellationToken);
            foreach (var slot in slots)
                slot.State?.Detections.Clear();
        }
        if (predictions.Count > 0)
        {
            await publisher.PublishAsync(Components.Telemetry, Topics.Predictions, predictions, ContractJson.Default.PredictionBatch, cancellationToken);
            foreach (var slot in slots)
                slot.State?.Predictions.Clear();
        }
    }
}
