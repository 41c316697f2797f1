using System.Text.Json;
using System.Text.Json.Serialization;
using Forewarn.Hosting;

namespace Forewarn.Ingestion;

/// <summary>What passes through, for the gateway's status; on the app port only.</summary>
static class StatsEndpoints
{
    public static IEndpointRouteBuilder MapStats(this IEndpointRouteBuilder routes)
    {
        var listener = routes.ServiceProvider.GetRequiredService<PublicListener>();
        routes.MapGet("/v1/stats", Get).NeverOn(listener);
        routes.MapGet("/v1/quality", (QualityReporter reporter) => reporter.Current).NeverOn(listener);
        return routes;
    }

    static IngestionStatsView Get(IngestionStats stats, EntityLanes lanes) => new(
        stats.SamplesPerSecond(), lanes.CountSince(TimeSpan.FromMinutes(1)), lanes.Count, stats.Samples, stats.Batches, stats.Failure);
}

/// <param name="SamplesPerSecond">Over the last ten whole seconds.</param>
/// <param name="Entities">Entities that sent within the last minute.</param>
/// <param name="EntitiesKnown">Entities that sent within about a day.</param>
/// <param name="Samples">Samples since the start.</param>
/// <param name="Batches">Batches since the start.</param>
/// <param name="Failure">Why the newest attempt to publish failed.</param>
sealed record IngestionStatsView(double SamplesPerSecond, int Entities, int EntitiesKnown, long Samples, long Batches, string? Failure);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(IngestionStatsView))]
[JsonSerializable(typeof(IReadOnlyList<FindingView>))]
[JsonSerializable(typeof(AcceptedSamples))]
[JsonSerializable(typeof(AcceptedAlerts))]
[JsonSerializable(typeof(InfluxError))]
sealed partial class IngestionJson : JsonSerializerContext;
