using Forewarn.Contracts;
using Forewarn.Models;

namespace Forewarn.Trainer;

/// <summary>Trained model → files in the store → champion in the registry → announcement, in that order: nobody hears of what cannot be fetched.</summary>
sealed class ModelPublisher(ModelStore store, RegistryStore registry, Announcer announcer, Telemetry telemetry, ILogger<ModelPublisher> logger)
{
    /// <exception cref="ModelRefusedException">What the store gives back is not what was trained.</exception>
    /// <exception cref="LeaseLostException">The job belongs to another trainer by now.</exception>
    public async Task PublishAsync(TrainedModel model, RunningJob job, CancellationToken cancellationToken)
    {
        var info = model.Manifest.ToInfo(ModelState.Champion);
        telemetry.Trained(info.Rows, info.TrainedOn);
        var document = await registry.ReadAsync(cancellationToken);
        if (document.ChampionOf(info.Group)?.Version == info.Version)
        {
            await job.EndAsync(JobStatus.Succeeded, $"The same rows give the same model: {info.Version} stays champion.", info.Version, cancellationToken);
            return;
        }
        await store.SaveAsync(model.Manifest, model.Onnx, cancellationToken);
        using (await store.FetchAsync(info, cancellationToken))
        {
            // Fetched, verified and tried exactly as every predictor will.
        }
        await job.SucceedAsync(info, $"{info.Version} is champion: {info.Rows} rows ({info.TrainedOn}).", cancellationToken);
        Log.ModelPromoted(logger, info.Version, info.Rows, info.TrainedOn, info.Group);
        await announcer.ModelAsync(info, job.Id, cancellationToken);
    }
}
