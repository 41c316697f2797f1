using Forewarn.Contracts;
using Forewarn.Testing;
using Microsoft.AspNetCore.Builder;

namespace Forewarn.Trainer.Tests;

static class TrainerRig
{
    /// <summary>Starts a trainer; options as <c>Key=value</c>.</summary>
    public static Task<SidecarApp> AddTrainerAsync(this SidecarRig rig, params string[] options) => rig.AddTrainerAsync(static _ => { }, options);

    public static Task<SidecarApp> AddTrainerAsync(this SidecarRig rig, Action<WebApplication> use, params string[] options) => rig.AddAsync(
        Apps.Trainer,
        builder => builder.AddTrainer(),
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
