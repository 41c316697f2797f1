using Forewarn.Contracts;

namespace Forewarn.Trainer;

/// <summary>Another trainer has taken over because this one's lease ran out.</summary>
sealed class LeaseLostException() : Exception("Another trainer took over because this one did not renew its lease in time.");

/// <summary>A job that this process holds the lease of: every report extends it.</summary>
sealed class RunningJob(RegistryStore registry, Announcer announcer, TimeProvider time, JobEvent job, TrainingLease lease)
{
    /// <summary>Longest silence before others take over.</summary>
    public static readonly TimeSpan LeaseTime = TimeSpan.FromSeconds(60);

    static readonly TimeSpan RenewEvery = TimeSpan.FromSeconds(15);

    readonly long _startedAt = time.GetTimestamp();
    volatile JobEvent _job = job;

    /// <summary>Told every step, the last one too, as soon as it is recorded.</summary>
    public Action<JobEvent>? Told { get; set; }

    public string Id => _job.Id;

    public string Kind => _job.Kind;

    public TimeSpan Elapsed => time.GetElapsedTime(_startedAt);

    /// <summary>Records and publishes a step.</summary>
    /// <param name="progress">0 to 1; never goes back.</param>
    /// <param name="message">The step under way.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="LeaseLostException">The job belongs to another trainer by now.</exception>
    public async Task ReportAsync(double progress, string message, CancellationToken cancellationToken)
    {
        _job = _job with { Progress = Math.Max(_job.Progress, Math.Min(progress, 1)), Message = message, At = Now() };
        await RenewAsync(cancellationToken);
        Told?.Invoke(_job);
        await announcer.JobAsync(_job, cancellationToken);
    }

    /// <summary>Changes the models of the registry and goes on, in one write that also extends the lease.</summary>
    /// <param name="change">From the newest registry and the time to the next registry, which may be the same.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="LeaseLostException">The job belongs to another trainer by now.</exception>
    public async Task<RegistryDocument> ChangeAsync(Func<RegistryDocument, long, RegistryDocument> change, CancellationToken cancellationToken) =>
        await registry.ChangeAsync(document => change(document, Now()).Advance(_job, Extended()), cancellationToken) ?? throw new LeaseLostException();

    /// <summary>Ends the job.</summary>
    /// <param name="status">How.</param>
    /// <param name="message">What became of it.</param>
    /// <param name="model">The model that it was about.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="LeaseLostException">The job belongs to another trainer by now.</exception>
    public Task EndAsync(JobStatus status, string message, string? model, CancellationToken cancellationToken) =>
        EndAsync(status, static (document, _) => document, _ => message, model, cancellationToken);

    /// <summary>Changes the models of the registry and ends the job, in one write: whoever sees the change finds the way free for the next job.</summary>
    /// <param name="status">How.</param>
    /// <param name="change">From the newest registry and the time to the next registry, which may be the same.</param>
    /// <param name="tell">From the next registry to what became of the job.</param>
    /// <param name="model">The model that it was about.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="LeaseLostException">The job belongs to another trainer by now.</exception>
    public async Task<RegistryDocument> EndAsync(
        JobStatus status, Func<RegistryDocument, long, RegistryDocument> change, Func<RegistryDocument, string> tell, string? model, CancellationToken cancellationToken)
    {
        var done = _job;
        var ended = await registry.ChangeAsync(
            document =>
            {
                var next = change(document, Now());
                done = _job with { Status = status, Progress = status == JobStatus.Succeeded ? 1 : _job.Progress, Message = tell(next), At = Now(), Model = model };
                return next.End(done, lease);
            },
            cancellationToken) ?? throw new LeaseLostException();
        _job = done;
        Told?.Invoke(done);
        await announcer.JobAsync(done, cancellationToken);
        return ended;
    }

    /// <summary>Extends the lease until cancelled, however long a step takes.</summary>
    public async Task KeepAliveAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(RenewEvery, time);
        while (await timer.WaitForNextTickAsync(cancellationToken))
        {
            try
            {
                await RenewAsync(cancellationToken);
            }
            catch (Exception outage) when (Outages.IsOutage(outage))
            {
                // The lease outlasts a short outage; if not, promotion finds that it is lost.
            }
        }
    }

    public JobEvent Current => _job;

    async Task RenewAsync(CancellationToken cancellationToken)
    {
        if (await registry.ChangeAsync(document => document.Advance(_job, Extended()), cancellationToken) is null)
            throw new LeaseLostException();
    }

    TrainingLease Extended() => lease with { ExpiresAt = Now() + (long)LeaseTime.TotalMilliseconds };

    long Now() => time.GetUtcNow().ToUnixTimeMilliseconds();
}
