using Forewarn.Alerting.Incidents;
using Forewarn.Alerting.Subscriptions;
using Forewarn.Contracts;
using Forewarn.Hosting;

namespace Forewarn.Alerting.Subscriptions
{
    /// <summary>Folds each delivery per fingerprint, so that a burst on one incident is one actor call.</summary>
    sealed class DetectionSubscription(IncidentDirectory incidents, Telemetry telemetry)
    {
        public async Task HandleAsync(IReadOnlyList<Detection> detections, CancellationToken cancellationToken)
        {
            telemetry.Detections.Add(detections.Count);
            var folds = detections.GroupBy(Fingerprint.Of);
            await Parallel.ForEachAsync(
                folds,
                new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = cancellationToken },
                async (fold, token) => await incidents.ObserveAsync(
                    fold.Key, new DetectionFold([.. fold.OrderBy(detection => detection.T)]), token));
        }
    }
}

namespace Forewarn.Alerting
{
    static class DetectionRoutes
    {
        public static void MapDetections(this IEndpointRouteBuilder routes)
        {
            var subscription = routes.ServiceProvider.GetRequiredService<DetectionSubscription>();
            routes.MapBulkSubscription(
                Components.Alerts, Topics.Detections, ContractJson.Default.Detection, subscription.HandleAsync, new BulkOptions(MaxCount: 200, MaxAwaitMs: 10));
        }
    }
}
