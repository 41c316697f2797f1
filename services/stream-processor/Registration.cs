using Forewarn.Contracts;
using Forewarn.Hosting;

namespace Forewarn.StreamProcessor;

static class Registration
{
    public static void AddStreamProcessor(this WebApplicationBuilder builder)
    {
        var options = builder.AddOptions<StreamProcessorOptions>();
        builder.Services.AddSingleton<Telemetry>();
        builder.Services.AddSingleton<RuleBook>();
        builder.Services.AddSingleton(provider => Factory(new EntitySettings(
            options.MergeMs, provider.GetRequiredService<SidecarEnvironment>().Producer, RulesOf(provider), options.GoneAfterHours * 3_600_000L)));
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
        builder.Services.AddHostedService<MissingMonitor>();
        builder.Services.AddHostedService(provider => provider.GetRequiredService<RuleBook>());
        builder.Services.AddHostedService(provider => provider.GetRequiredService<MergeClock>());
        builder.Services.AddHealthNote("thresholds", provider => provider.GetRequiredService<RuleBook>().Note);
    }

    static EntityStateFactory<EntityState> Factory(EntitySettings settings) =>
        new(entity => new EntityState(entity, settings), (entity, reader) => EntityState.Read(entity, reader, settings));

    static Func<RuleSet> RulesOf(IServiceProvider provider)
    {
        var book = provider.GetRequiredService<RuleBook>();
        return () => book.Current;
    }

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
