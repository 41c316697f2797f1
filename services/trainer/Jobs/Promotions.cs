using Forewarn.Contracts;
using Forewarn.Models;

namespace Forewarn.Trainer;

/// <summary>Makes models champion that are registered already: by hand, by a trial, back again. What cannot be fetched does not get there.</summary>
sealed class Promotions(
    RegistryStore registry, ModelStore store, Announcer announcer, Telemetry telemetry, TimeProvider time, ILogger<Promotions> logger)
{
    /// <summary>Makes a challenger or a retired model champion because somebody wants it.</summary>
    public Task<(ModelInfo? Champion, Refusal? Refusal)> PromoteAsync(string version, CancellationToken cancellationToken) =>
        ApplyAsync(document => document.Promote(version, "Promoted by hand.", Now()), cancellationToken);

    /// <summary>Makes the challenger of a trial champion.</summary>
    public Task<(ModelInfo? Champion, Refusal? Refusal)> PromoteAsync(Trial trial, string reason, CancellationToken cancellationToken) =>
        ApplyAsync(document => document.Promote(trial, reason, Now()), cancellationToken);

    /// <summary>Goes back to the champion before.</summary>
    public Task<(ModelInfo? Champion, Refusal? Refusal)> RollbackAsync(string group, CancellationToken cancellationToken) =>
        ApplyAsync(document => document.Rollback(group, Now()), cancellationToken);

    /// <summary>Goes back from a watched champion that does badly.</summary>
    public Task<(ModelInfo? Champion, Refusal? Refusal)> RollbackAsync(Watch watch, string reason, CancellationToken cancellationToken) =>
        ApplyAsync(document => document.Rollback(watch, reason, Now()), cancellationToken);

    async Task<(ModelInfo? Champion, Refusal? Refusal)> ApplyAsync(Func<RegistryDocument, Promotion> promote, CancellationToken cancellationToken)
    {
        var plan = promote(await registry.ReadAsync(cancellationToken));
        if (plan.Champion is not { } planned)
            return (null, plan.Refusal);
        try
        {
            // Read, verified and tried exactly as every predictor will.
            await store.VerifyAsync(planned, cancellationToken);
        }
        catch (ModelRefusedException damaged)
        {
            return (null, new Refusal(RefusalKind.Impossible, damaged.Message));
        }

        // The registry may have moved on meanwhile: the rules are asked again in the write.
        var done = plan;
        await registry.ChangeAsync(document => (done = promote(document)).Document, cancellationToken);
        if (done.Champion is not { } champion)
            return (null, done.Refusal);
        Log.ModelPromoted(logger, champion.Version, champion.Group, champion.Reason);
        telemetry.Moved(champion);
        await announcer.ModelAsync(champion, $"champion-{champion.ChampionAt}", cancellationToken);
        return (champion, null);
    }

    long Now() => time.GetUtcNow().ToUnixTimeMilliseconds();
}
