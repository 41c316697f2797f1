using Forewarn.Contracts;
using Forewarn.Testing;

namespace Forewarn.Trainer.Tests;

static class TrainerRig
{
    /// <summary>Starts a trainer; options as <c>Key=value</c>.</summary>
    public static Task<SidecarApp> AddTrainerAsync(this SidecarRig rig, params string[] options) => rig.AddAsync(
        Apps.Trainer,
        builder => builder.AddTrainer(),
        app =>
        {
            app.MapModels().MapPromotions().MapTraining().MapFeedback().MapExclusions();
            app.MapControlSubscription();
            app.MapFeedbackSubscription();
        },
        [.. options.Append($"CacheDirectory={Path.Combine(rig.Directory, "cache")}").Select(option => $"--Trainer:{option}")]);
}
