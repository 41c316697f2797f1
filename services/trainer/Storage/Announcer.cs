using Forewarn.Contracts;
using Forewarn.Hosting;
using Grpc.Core;

namespace Forewarn.Trainer;

/// <summary>
/// Tells every replica of every service about models and jobs. The registry is the truth and listeners poll it, so an
/// announcement that is lost costs time, not correctness, and never fails a training.
/// </summary>
sealed class Announcer(KeyedPublisher publisher, ILogger<Announcer> logger)
{
    public Task JobAsync(JobEvent job, CancellationToken cancellationToken) => TryAsync(job.Id, () => publisher.PublishAsync(
        Components.Broadcast, Topics.Jobs, new Outgoing<JobEvent>(job.Id, $"{job.Id}-{job.Status}-{job.At}", job), ContractJson.Default.JobEvent, cancellationToken));

    public Task ModelAsync(ModelInfo model, string job, CancellationToken cancellationToken) => TryAsync(job, () => publisher.PublishAsync(
        Components.Broadcast, Topics.Models, new Outgoing<ModelEvent>(model.Group, $"{model.Version}-{job}", new ModelEvent { Model = model }),
        ContractJson.Default.ModelEvent, cancellationToken));

    async Task TryAsync(string job, Func<Task> publish)
    {
        try
        {
            await publish();
        }
        catch (RpcException outage)
        {
            Log.AnnouncementFailed(logger, job, outage);
        }
    }
}
