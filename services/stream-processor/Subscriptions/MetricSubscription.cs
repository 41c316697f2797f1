using Forewarn.Contracts;
using Forewarn.Hosting;

namespace Forewarn.StreamProcessor;

static class MetricSubscription
{
    public static void MapMetricSubscription(this IEndpointRouteBuilder routes)
    {
        var pipeline = routes.ServiceProvider.GetRequiredService<RawPipeline>();
        routes.MapBulkSubscription(
            Components.Telemetry, Topics.MetricsRaw, ContractJson.Default.MetricBatch, pipeline.HandleAsync, new BulkOptions(MaxCount: 200, MaxAwaitMs: 15));
    }
}
