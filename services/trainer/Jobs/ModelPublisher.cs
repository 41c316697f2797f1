using Forewarn.Contracts;
using Forewarn.Models;

namespace Forewarn.Trainer;

/// <summary>Trained model → files in the store → registry → announcement, in that order: nobody hears of what cannot be fetched.</summary>
sealed class ModelPublisher(ModelStore store, RegistryStore registry, Announcer announcer, Telemetry telemetry, ILogger<ModelPublisher> logger)
{
    /// <summary>Takes in a model for every entity.</summary>
    /// <returns>Its state now, as a sentence.</returns>
    /// <exception cref="ModelRefusedException">What the store gives back is not what was trained.</exception>
    /// <exception cref="LeaseLostException">The job belongs to another trainer by now.</exception>
    public async Task<string> PublishAsync(TrainedModel model, RunningJob job, CancellationToken cancellationToken)
    {
        var (entered, isNew) = await EnterAsync(model, EnterForAll, job, cancellationToken);
        return Tell(entered, isNew, entered.TrainedOn);
    }

    /// <summary>Takes in a model for every entity and ends the job with it.</summary>
    /// <exception cref="ModelRefusedException">What the store gives back is not what was trained.</exception>
    /// <exception cref="LeaseLostException">The job belongs to another trainer by now.</exception>
    public async Task PublishLastAsync(TrainedModel model, RunningJob job, CancellationToken cancellationToken)
    {
        var version = model.Manifest.Version;
        var (entered, isNew) = await EnterAsync(
            model, EnterForAll,
            (change, token) => job.EndAsync(JobStatus.Succeeded, change, next => Tell(next.ModelOf(version)!, isNew: true, model.Manifest.Training.Source), version, token),
            job.Id, cancellationToken);
        if (job.Current.Status == JobStatus.Running)
            await job.EndAsync(JobStatus.Succeeded, Tell(entered, isNew, entered.TrainedOn), version, cancellationToken);
    }

    /// <summary>What became of a trained model, as sentences.</summary>
    /// <param name="entered">In the state that it has now.</param>
    /// <param name="isNew">Whether this training brought it there.</param>
    /// <param name="source">Where its rows came from.</param>
    public static string Tell(ModelInfo entered, bool isNew, string source) => isNew
        ? $"{entered.Version} is {NameOf(entered.State)}: {entered.Rows} rows ({source}). {entered.Reason}"
        : $"The same rows give the same model: {entered.Version} stays {NameOf(entered.State)}.";

    /// <summary>Takes in a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="enter">From registry, candidate and time to the next registry.</param>
    /// <param name="job">The training that made it.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The model in the state that it has now, and whether this training brought it there.</returns>
    /// <exception cref="ModelRefusedException">What the store gives back is not what was trained.</exception>
    /// <exception cref="LeaseLostException">The job belongs to another trainer by now.</exception>
    public Task<(ModelInfo Model, bool IsNew)> EnterAsync(
        TrainedModel model, Func<RegistryDocument, ModelInfo, long, RegistryDocument> enter, RunningJob job, CancellationToken cancellationToken) =>
        EnterAsync(model, enter, job.ChangeAsync, job.Id, cancellationToken);

    static RegistryDocument EnterForAll(RegistryDocument document, ModelInfo candidate, long now) => document.Enter(candidate, now);

    async Task<(ModelInfo Model, bool IsNew)> EnterAsync(
        TrainedModel model, Func<RegistryDocument, ModelInfo, long, RegistryDocument> enter,
        Func<Func<RegistryDocument, long, RegistryDocument>, CancellationToken, Task<RegistryDocument>> write, string job, CancellationToken cancellationToken)
    {
        var candidate = model.Manifest.ToInfo(ModelState.Candidate);
        telemetry.Trained(candidate.Rows, candidate.TrainedOn);
        var document = await registry.ReadAsync(cancellationToken);
        if (document.ModelOf(candidate.Version) is { State: ModelState.Champion or ModelState.Challenger } known)
            return (known, false);
        await store.SaveAsync(model.Manifest, model.Onnx, cancellationToken);
        // Read, verified and tried exactly as every predictor will.
        await store.VerifyAsync(candidate, cancellationToken);
        var isNew = true;
        var entered = (await write(
            (newest, now) =>
            {
                var next = enter(newest, candidate, now);
                isNew = !ReferenceEquals(next, newest);
                return next;
            },
            cancellationToken)).ModelOf(candidate.Version)!;
        if (isNew)
        {
            Log.ModelEntered(logger, entered.Version, entered.Rows, entered.TrainedOn, NameOf(entered.State), entered.Group);
            telemetry.Moved(entered);
            await announcer.ModelAsync(entered, job, cancellationToken);
        }
        return (entered, isNew);
    }

    static string NameOf(ModelState state) => state switch
    {
        ModelState.Champion => "champion",
        ModelState.Challenger => "challenger",
        ModelState.Retired => "retired",
        _ => "candidate",
    };
}
