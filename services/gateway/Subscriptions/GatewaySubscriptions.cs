using Forewarn.Contracts;
using Forewarn.Gateway.Exposition;
using Forewarn.Gateway.Live;
using Forewarn.Gateway.Status;
using Forewarn.Hosting;

namespace Forewarn.Gateway.Subscriptions;

/// <summary>What every replica hears: verdicts, incidents, models, jobs. Nothing here is ever stored.</summary>
static class GatewaySubscriptions
{
    static readonly BulkOptions Live = new(MaxCount: 200, MaxAwaitMs: 50);

    public static void MapGatewaySubscriptions(this IEndpointRouteBuilder routes)
    {
        var listener = ActivatorUtilities.CreateInstance<Subscriber>(routes.ServiceProvider);
        routes.MapBulkSubscription(Components.Broadcast, Topics.Predictions, ContractJson.Default.PredictionBatch, listener.ShowAsync, Live);
        routes.MapBulkSubscription(Components.Broadcast, Topics.Incidents, ContractJson.Default.IncidentEvent, listener.ShowAsync, Live);
        routes.MapBulkSubscription(Components.Broadcast, Topics.Models, ContractJson.Default.ModelEvent, listener.ShowAsync, Live);
        routes.MapBulkSubscription(Components.Broadcast, Topics.Jobs, ContractJson.Default.JobEvent, listener.ShowAsync, Live);
    }

    sealed class Subscriber(
        StreamHub hub, LiveFigures figures, VerdictBoard verdicts, IncidentBook incidents, ChampionWatch champion, SchemaFrames schemas)
    {
        public async Task ShowAsync(IReadOnlyList<PredictionBatch> batches, CancellationToken cancellationToken)
        {
            foreach (var batch in batches)
            {
                var news = figures.Observe(batch);
                if (news.Count == 0)
                    continue;
                verdicts.Take(batch, news[^1]);
                await ShowAsync(batch, news, cancellationToken);
            }
        }

        public Task ShowAsync(IReadOnlyList<IncidentEvent> events, CancellationToken cancellationToken)
        {
            foreach (var incident in events)
            {
                if (!incidents.Take(incident, out var notifiedNow))
                    continue;
                if (notifiedNow)
                    figures.Observe(incident);
                hub.Publish(id => Frame.Of("incident", incident, ContractJson.Default.IncidentEvent, id));
            }
            return Task.CompletedTask;
        }

        public Task ShowAsync(IReadOnlyList<ModelEvent> events, CancellationToken cancellationToken)
        {
            foreach (var published in events)
            {
                if (published.Model is { State: ModelState.Champion, Group: ModelGroups.Any })
                    champion.Version = published.Model.Version;
                hub.Publish(id => Frame.Of("model", published.Model, ContractJson.Default.ModelInfo, id));
            }
            return Task.CompletedTask;
        }

        public Task ShowAsync(IReadOnlyList<JobEvent> events, CancellationToken cancellationToken)
        {
            foreach (var job in events)
                hub.Publish(id => Frame.Of("job", job, ContractJson.Default.JobEvent, id));
            return Task.CompletedTask;
        }

        async Task ShowAsync(PredictionBatch batch, IReadOnlyList<PredictionTick> news, CancellationToken cancellationToken)
        {
            var watching = hub.Watching(batch.Entity).ToList();
            if (watching.Count == 0 || await schemas.GetAsync(batch.Schema, cancellationToken) is not { } schema)
                return;
            List<Frame> frames = [.. news.Select(tick => TickWriter.Tick(batch, tick))];
            if (batch.Outlook is { } outlook)
                frames.Add(TickWriter.Outlook(batch, outlook));
            foreach (var client in watching)
            {
                client.SendSchema(batch.Schema, schema);
                frames.ForEach(client.Send);
            }
        }
    }
}
