using Forewarn.Contracts;
using Forewarn.Models;

namespace Forewarn.Trainer;

/// <summary>Trained model → files in the store → registry → announcement, in that order: nobody hears of what cannot be fetched.</summary>
sealed class ModelPublisher(ModelStore store, RegistryStore registry, Announcer announcer, Telemetry telemetry, ILogger<ModelPublisher> logger)
{
    /// <exception cref="ModelRefusedException">What the store gives back is not what was trained.</exception>
    /// <exception cref="LeaseLostException">The job belongs to another trainer by now.</exception>
    public async Task PublishAsync(TrainedModel model, RunningJob job, CancellationToken cancellationToken)
    {
        var candidate = model.Manifest.ToInfo(ModelState.Candidate);
        telemetry.Trained(candidate.Rows, candidate.TrainedOn);
        var document = await registry.ReadAsync(cancellationToken);
        if (document.ModelOf(candidate.Version) is { State: ModelState.Champion or ModelState.Challenger } known)
        {
            await job.EndAsync(
                JobStatus.Succeeded, $"The same rows give the same model: {known.Version} stays {NameOf(known.State)}.", known.Version, cancellationToken);
            return;
        }
        await store.SaveAsync(model.Manifest, model.Onnx, cancellationToken);
        // Read, verified and tried exactly as every predictor will.
        await store.VerifyAsync(candidate, cancellationToken);
        var entered = await job.SucceedAsync(
            candidate, info => $"{info.Version} is {NameOf(info.State)}: {info.Rows} rows ({info.TrainedOn}). {info.Reason}", cancellationToken);
        Log.ModelEntered(logger, entered.Version, entered.Rows, entered.TrainedOn, NameOf(entered.State), entered.Group);
        telemetry.Moved(entered);
        await announcer.ModelAsync(entered, job.Id, cancellationToken);
    }

    static string NameOf(ModelState state) => state switch
    {
        ModelState.Champion => "champion",
        ModelState.Challenger => "challenger",
        ModelState.Retired => "retired",
        _ => "candidate",
    };
}
