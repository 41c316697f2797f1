using Dapr.Client;
using Forewarn.Analytics;
using Forewarn.Contracts;
using Forewarn.Hosting;
using Forewarn.Models;

namespace Forewarn.Predictor;

static class Registration
{
    public static void AddPredictor(this WebApplicationBuilder builder)
    {
        var options = builder.AddOptions<PredictorOptions>();
        var services = builder.Services;
        services.AddSingleton<Telemetry>();
        services.AddSingleton(provider => new ModelStore(
            provider.GetRequiredService<DaprClient>(), options.ModelCacheDirectory ?? ModelStore.DefaultCacheDirectory));
        var detection = new DetectorOptions(options.FalseAlarmsPerWeek, options.Threshold);
        services.AddSingleton(detection);
        services.AddSingleton<ModelHolder>();
        services.AddSingleton<ChallengerHolder>();
        services.AddSingleton<GroupModels>();
        services.AddSingleton(provider => Factory(detection, provider.GetRequiredService<ModelHolder>()));
        services.AddSingleton(Keeping(options));
        services.AddSingleton<EntityRegistry<PredictorState>>();
        services.AddSingleton(provider => new MessageSchemas<FeatureBatch>(
            Topics.MetricsFeatures, ContractJson.Default.FeatureBatch, Misfit,
            provider.GetRequiredService<SchemaRegistry>(), provider.GetRequiredService<DeadLetters>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<StateLoader>();
        services.AddSingleton<Scoring>();
        services.AddSingleton<JointScoring>();
        services.AddSingleton<VerdictWriter>();
        services.AddSingleton<PredictionOutlet>();
        services.AddSingleton<BudgetHolder>();
        services.AddSingleton<ShadowScoring>();
        services.AddSingleton<ShadowReporter>();
        services.AddSingleton<ChampionWatching>();
        services.AddSingleton<ChampionReporter>();
        services.AddSingleton<FeaturePipeline>();
        services.AddHostedService<CheckpointLoop<PredictorState>>();
        services.AddHostedService(provider => provider.GetRequiredService<ModelHolder>());
        services.AddHostedService(provider => provider.GetRequiredService<ChallengerHolder>());
        services.AddHostedService(provider => provider.GetRequiredService<GroupModels>());
        services.AddHostedService(provider => provider.GetRequiredService<BudgetHolder>());
        services.AddHostedService(provider => provider.GetRequiredService<ShadowReporter>());
        services.AddHostedService(provider => provider.GetRequiredService<ChampionReporter>());
        services.AddReadiness("model", provider => provider.GetRequiredService<ModelHolder>().Current is null ? "no model yet" : null);
    }

    // States come to be inside deliveries, and deliveries wait for a model.
    static EntityStateFactory<PredictorState> Factory(DetectorOptions detection, ModelHolder models)
    {
        return new(
            entity => new PredictorState(new EntityDetector(detection, Current().Version, Current().Manifest.Prior, PhaseOf(entity))),
            (_, reader) => PredictorState.Read(reader, detection, Current()));

        LoadedModel Current() => models.Current ?? throw new NoModelException();
    }

    static int PhaseOf(string entity)
    {
        var phase = 0;
        foreach (var letter in entity)
            phase = unchecked((phase * 31) + letter);
        return phase;
    }

    static EntityKeeping Keeping(PredictorOptions options) => new()
    {
        CheckpointEvery = TimeSpan.FromSeconds(options.CheckpointSeconds),
        IdleAfter = TimeSpan.FromHours(options.GoneAfterHours),
        Retention = TimeSpan.FromHours(options.RetentionHours),
    };

    static string? Misfit(FeatureBatch batch, SeriesSchema schema)
    {
        if (!string.Equals(batch.Spec, FeatureSpec.Version, StringComparison.Ordinal))
            return $"Features follow {batch.Spec}, this program reads {FeatureSpec.Version}.";
        var expected = schema.Columns.Count * FeatureSpec.Count;
        foreach (var tick in batch.Ticks)
        {
            if (tick.Features.Length != expected)
                return $"A tick has {tick.Features.Length} features, its schema {schema.Columns.Count} columns of {FeatureSpec.Count}.";
        }
        return null;
    }
}
