using Forewarn.Contracts;
using Forewarn.Hosting;
using Grpc.Core;

namespace Forewarn.Trainer;

/// <summary>
/// Tells every replica of every service about models and jobs. The registry is the truth and listeners poll it, so an
/// announcement that is lost costs time, not correctness, and never fails what it tells of.
/// </summary>
sealed class Announcer(KeyedPublisher publisher, ILogger<Announcer> logger)
{
    public Task JobAsync(JobEvent job, CancellationToken cancellationToken) => TryAsync(job.Id, () => publisher.PublishAsync(
        Components.Broadcast, Topics.Jobs, new Outgoing<JobEvent>(job.Id, $"{job.Id}-{job.Status}-{job.At}", job), ContractJson.Default.JobEvent, cancellationToken));

    /// <param name="model">In the state that it has now.</param>
    /// <param name="cause">What brought it there: the same model may come into a state more than once.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public Task ModelAsync(ModelInfo model, string cause, CancellationToken cancellationToken) => TryAsync(model.Version, () => publisher.PublishAsync(
        Components.Broadcast, Topics.Models, new Outgoing<ModelEvent>(model.Group, $"{model.Version}-{cause}", new ModelEvent { Model = model }),
        ContractJson.Default.ModelEvent, cancellationToken));

    async Task TryAsync(string subject, Func<Task> publish)
    {
        try
        {
            await publish();
        }
        catch (RpcException outage)
        {
            Log.AnnouncementFailed(logger, subject, outage);
        }
    }
}
