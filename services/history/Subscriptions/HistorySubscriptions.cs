using Forewarn.Contracts;
using Forewarn.History.Storage;
using Forewarn.Hosting;

namespace Forewarn.History.Subscriptions;

/// <summary>The three topics that history stores; a delivery is acknowledged after its commit.</summary>
static class HistorySubscriptions
{
    // Storing is not in the alert's path: larger deliveries mean fewer commits.
    static readonly BulkOptions Bulk = new(MaxCount: 500, MaxAwaitMs: 200);

    public static void MapHistorySubscriptions(this WebApplication app)
    {
        app.UseRateLimiter();
        var routes = app.MapGroup("").RequireRateLimiting(IntakeLimit.Policy);
        var subscriber = ActivatorUtilities.CreateInstance<Subscriber>(app.Services);
        routes.MapBulkSubscription(Components.Telemetry, Topics.MetricsRaw, ContractJson.Default.MetricBatch, subscriber.StoreRawAsync, Bulk, MetricBatchReader.Read);
        routes.MapBulkSubscription(Components.Telemetry, Topics.Predictions, ContractJson.Default.PredictionBatch, subscriber.StorePredictionsAsync, Bulk);
        routes.MapBulkSubscription(Components.Alerts, Topics.Incidents, ContractJson.Default.IncidentEvent, subscriber.StoreIncidentsAsync);
    }

    sealed class Subscriber(
        DeliveryWriter writer, SchemaCatalog schemas, OutlookStore outlooks, IncidentStore incidents, DeadLetters dead, StorageState state, TimeProvider time)
    {
        public async Task StoreRawAsync(IReadOnlyList<MetricBatch> batches, CancellationToken cancellationToken)
        {
            state.EnsureMigrated();
            var entries = new List<StreamEntry>(batches.Count);
            foreach (var batch in batches)
            {
                if (await AcceptAsync(batch, cancellationToken) is { } entry)
                    entries.Add(entry);
            }
            await writer.StoreAsync(StreamTable.Ticks, entries, cancellationToken);
        }

        async Task<TickEntry?> AcceptAsync(MetricBatch batch, CancellationToken cancellationToken)
        {
            string? reason;
            try
            {
                var schema = await schemas.GetAsync(batch.Schema, cancellationToken);
                reason = Intake.Refuse(batch, schema.Schema, time.GetUtcNow());
                if (reason is null)
                    return new TickEntry(batch, schema.Id);
            }
            catch (Exception unusable) when (unusable is SchemaMissingException or SchemaUnstorableException)
            {
                // Publishers write a schema before the first message that names it, so waiting would not mend it.
                reason = unusable.Message;
            }
            await dead.BuryAsync(Topics.MetricsRaw, reason, batch, ContractJson.Default.MetricBatch, cancellationToken);
            return null;
        }

        public async Task StorePredictionsAsync(IReadOnlyList<PredictionBatch> batches, CancellationToken cancellationToken)
        {
            var entries = new List<StreamEntry>(batches.Count);
            foreach (var batch in batches)
            {
                if (Intake.Refuse(batch, time.GetUtcNow()) is { } reason)
                    await dead.BuryAsync(Topics.Predictions, reason, batch, ContractJson.Default.PredictionBatch, cancellationToken);
                else
                    entries.Add(new PredictionEntry(batch));
            }
            await writer.StoreAsync(StreamTable.Predictions, entries, cancellationToken);
            await outlooks.StoreAsync(entries.Select(entry => (PredictionBatch)entry.Message), cancellationToken);
        }

        public async Task StoreIncidentsAsync(IReadOnlyList<IncidentEvent> events, CancellationToken cancellationToken)
        {
            var good = new List<IncidentEvent>(events.Count);
            foreach (var incident in events)
            {
                if (Intake.Refuse(incident) is { } reason)
                    await dead.BuryAsync(Topics.Incidents, reason, incident, ContractJson.Default.IncidentEvent, cancellationToken);
                else
                    good.Add(incident);
            }
            if (good.Count > 0)
                await incidents.StoreAsync(good, cancellationToken);
        }
    }
}
