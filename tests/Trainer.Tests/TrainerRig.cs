using Forewarn.Contracts;
using Forewarn.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Forewarn.Trainer.Tests;

static class TrainerRig
{
    /// <summary>Most tests begin with a first model; its rows are the same in all.</summary>
    static readonly GeneratedRows Generated = new();

    /// <summary>Starts a trainer; options as <c>Key=value</c>.</summary>
    public static Task<SidecarApp> AddTrainerAsync(this SidecarRig rig, params string[] options) => rig.AddTrainerAsync(static _ => { }, options);

    public static Task<SidecarApp> AddTrainerAsync(this SidecarRig rig, Action<WebApplication> use, params string[] options) => rig.AddAsync(
        Apps.Trainer,
        builder =>
        {
            builder.AddTrainer();
            builder.Services.AddSingleton(Generated);
        },
        app =>
        {
            use(app);
            app.MapModels().MapPromotions().MapTraining().MapFeedback().MapExclusions();
            app.MapDrift();
            app.MapScheduleSubscription();
            app.MapControlSubscription();
            app.MapFeedbackSubscription();
        },
        [.. options.Append($"CacheDirectory={Path.Combine(rig.Directory, "cache")}").Select(option => $"--Trainer:{option}")]);
}
