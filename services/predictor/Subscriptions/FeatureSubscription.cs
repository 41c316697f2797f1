using Forewarn.Contracts;
using Forewarn.Hosting;

namespace Forewarn.Predictor;

static class FeatureSubscription
{
    public static void MapFeatureSubscription(this IEndpointRouteBuilder routes)
    {
        var pipeline = routes.ServiceProvider.GetRequiredService<FeaturePipeline>();
        routes.MapBulkSubscription(
            Components.Telemetry, Topics.MetricsFeatures, ContractJson.Default.FeatureBatch, pipeline.HandleAsync, new BulkOptions(MaxCount: 200, MaxAwaitMs: 15));
    }
}
