using Forewarn.Contracts;
using Forewarn.Hosting;

namespace Forewarn.StreamProcessor;

static class Registration
{
    public static void AddStreamProcessor(this WebApplicationBuilder builder)
    {
        var options = builder.AddOptions<StreamProcessorOptions>();
        builder.Services.AddSingleton<Telemetry>();
        builder.Services.AddSingleton(provider => Factory(options, provider.GetRequiredService<SidecarEnvironment>().Producer));
        builder.Services.AddSingleton(Keeping(options));
        builder.Services.AddSingleton<EntityRegistry<EntityState>>();
        builder.Services.AddSingleton(provider => new MessageSchemas<MetricBatch>(
            Topics.MetricsRaw, ContractJson.Default.MetricBatch, Misfit,
            provider.GetRequiredService<SchemaRegistry>(), provider.GetRequiredService<DeadLetters>(), provider.GetRequiredService<TimeProvider>()));
        builder.Services.AddSingleton<HistoryCatchUp>();
        builder.Services.AddSingleton<EntityLoader>();
        builder.Services.AddSingleton<FeatureOutlet>();
        builder.Services.AddSingleton<SourceClock>();
        builder.Services.AddSingleton<LastSeen>();
        builder.Services.AddSingleton<MergeClock>();
        builder.Services.AddSingleton<RawPipeline>();

        // Stopped in reverse order: open ticks are closed and published, then everything is saved.
        builder.Services.AddHostedService<CheckpointLoop<EntityState>>();
        builder.Services.AddHostedService<SilenceMonitor>();
        builder.Services.AddHostedService(provider => provider.GetRequiredService<MergeClock>());
    }

    static EntityStateFactory<EntityState> Factory(StreamProcessorOptions options, string producer) => new(
        entity => new EntityState(entity, options.MergeMs, producer),
        (entity, reader) => EntityState.Read(entity, reader, options.MergeMs, producer));

    static string? Misfit(MetricBatch batch, SeriesSchema schema)
    {
        foreach (var row in batch.Rows)
        {
            if (row.Values.Length != schema.Columns.Count)
                return $"A row has {row.Values.Length} values, its schema {schema.Columns.Count} columns.";
        }
        return null;
    }

    static EntityKeeping Keeping(StreamProcessorOptions options) => new()
    {
        CheckpointEvery = TimeSpan.FromSeconds(options.CheckpointSeconds),
        IdleAfter = TimeSpan.FromHours(options.GoneAfterHours),
        Retention = TimeSpan.FromHours(options.RetentionHours),
    };
}
