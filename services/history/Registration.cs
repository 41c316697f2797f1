using Forewarn.History.Endpoints;
using Forewarn.History.Storage;
using Forewarn.History.Subscriptions;
using Forewarn.Hosting;

namespace Forewarn.History;

static class Registration
{
    public static void AddHistory(this WebApplicationBuilder builder)
    {
        var options = builder.AddOptions<HistoryOptions>();
        builder.Services.AddApiDocument();
        builder.Services.AddSingleton(Database.Open(builder.Configuration, options));
        builder.Services.AddSingleton<Telemetry>();
        builder.Services.AddSingleton<StorageState>();
        builder.Services.AddSingleton<Migrator>();
        builder.Services.AddSingleton<StorageSetup>();
        builder.Services.AddSingleton<Partitions>();
        builder.Services.AddSingleton<Housekeeping>();
        builder.Services.AddSingleton<Roller>();
        builder.Services.AddSingleton<EntityCatalog>();
        builder.Services.AddSingleton<SchemaCatalog>();
        builder.Services.AddSingleton<SchemaSource>(provider => provider.GetRequiredService<SchemaRegistry>().GetAsync);
        builder.Services.AddSingleton<Watermarks>();
        builder.Services.AddSingleton<Presence>();
        builder.Services.AddSingleton<DeliveryWriter>();
        builder.Services.AddSingleton<OutlookStore>();
        builder.Services.AddSingleton<IncidentStore>();
        builder.Services.AddSingleton<LeadTimeReader>();
        builder.Services.AddSingleton<SeriesSearch>();
        builder.Services.AddSingleton<EntityReader>();
        builder.Services.AddSingleton<LatestReader>();
        builder.Services.AddSingleton<RangeReader>();
        builder.Services.AddSingleton<RawReader>();
        builder.Services.AddSingleton<SampleChunks>();
        builder.Services.AddSingleton<SampleReader>();
        builder.Services.AddSingleton<PredictionReader>();
        builder.Services.AddIntakeLimit(options);
        builder.Services.AddHostedService<StorageService>();
        builder.Services.AddReadiness("storage", provider => provider.GetRequiredService<StorageState>().NotReadyBecause);
        builder.Services.AddHealthNote("storage", provider => provider.GetRequiredService<StorageState>().Storage);
    }
}
