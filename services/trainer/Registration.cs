using Forewarn.Contracts;
using Forewarn.Hosting;
using Forewarn.Models;

namespace Forewarn.Trainer;

static class Registration
{
    public static WebApplicationBuilder AddTrainer(this WebApplicationBuilder builder)
    {
        var options = builder.AddOptions<TrainerOptions>();
        var services = builder.Services;
        services.AddSingleton(provider => new ModelStore(
            provider.GetRequiredService<Dapr.Client.DaprClient>(),
            options.CacheDirectory is { Length: > 0 } directory ? directory : ModelStore.DefaultCacheDirectory));
        services.AddSingleton<RegistryStore>();
        services.AddSingleton<FeedbackStore>();
        services.AddSingleton<ExclusionStore>();
        services.AddSingleton<HistoryReader>();
        services.AddSingleton<Announcer>();
        services.AddSingleton<Telemetry>();
        services.AddSingleton<DriftStore>();
        services.AddSingleton<AbnormalReader>();
        services.AddSingleton<HistoryRows>();
        services.AddSingleton<EntityGroups>();
        services.AddSingleton<GroupRows>();
        services.AddSingleton<GroupTrainings>();
        services.AddSingleton<IModelRecipe, ForestRecipe>();
        services.AddSingleton<IModelRecipe, AutoencoderRecipe>();
        services.AddSingleton<IModelRecipe, HalfSpaceRecipe>();
        services.AddSingleton<ModelRecipes>();
        services.AddSingleton<GeneratedRows>();
        services.AddSingleton<ModelPublisher>();
        services.AddSingleton<TrainingJobs>();
        services.AddSingleton<LabelReplay>();
        services.AddSingleton<LabelTrials>();
        services.AddSingleton<FeedbackTrigger>();
        services.AddSingleton<GroupTrigger>();
        services.AddSingleton<PreviewStore>();
        services.AddSingleton<PreviewReplay>();
        services.AddSingleton<Promotions>();
        services.AddSingleton<ChampionJudge>();
        services.AddSingleton<ChallengerJudge>();
        services.AddSingleton<TrainingWorker>();
        services.AddHostedService(provider => provider.GetRequiredService<TrainingWorker>());
        services.AddHostedService(provider => provider.GetRequiredService<FeedbackTrigger>());
        services.AddHostedService(provider => provider.GetRequiredService<GroupTrigger>());
        services.AddHostedService(provider => provider.GetRequiredService<ChallengerJudge>());
        services.AddHostedService(provider => provider.GetRequiredService<ChampionJudge>());
        services.AddReadiness("model", static provider =>
            provider.GetRequiredService<RegistryStore>().Seen?.ChampionOf(ModelGroups.Any) is null ? "no model yet" : null);
        return builder;
    }
}
