using System.Globalization;
using System.Runtime.InteropServices;
using Dapr.Client;
using Forewarn.Contracts;
using Forewarn.Hosting;

namespace Forewarn.Trainer;

/// <summary>
/// <c>train --once</c>: one training by the code, the sidecar and the lease of the service, and an exit code; for a
/// Kubernetes Job or CronJob. It does not wait for a training that runs already: whoever started it knows better whether
/// to come back.
/// </summary>
sealed class OneShotTraining(TextWriter output, TextWriter errors)
{
    /// <summary>In a pod the sidecar may start after the app.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Runs until it is done, or the process is asked to end.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        using var stop = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        return await new OneShotTraining(Console.Out, Console.Error).RunAsync(args, stop.Token);

        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stop.Cancel();
        }
    }

    public async Task<int> RunAsync(IReadOnlyList<string> args, CancellationToken cancellationToken)
    {
        var (arguments, error) = OneShotArguments.Parse(args);
        if (arguments is null)
            return await TellAsync(ExitCodes.BadArguments, error!);
        var builder = ServiceHost.Create(arguments.Settings, Apps.Trainer);
        builder.AddTrainer();
        // Never started: nothing listens, and no loop of the service runs.
        await using var app = builder.Build();
        try
        {
            return await TrainAsync(app.Services, arguments, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return await TellAsync(ExitCodes.Interrupted, "Interrupted; the champion stays as it is.");
        }
        catch (Exception outage) when (Outages.IsOutage(outage))
        {
            return await TellAsync(ExitCodes.Unreachable, $"{Outages.Describe(outage)} Nothing was trained.");
        }
        finally
        {
            if (arguments.EndSidecar)
                await EndSidecarAsync(app.Services.GetRequiredService<DaprClient>());
        }
    }

    async Task<int> TrainAsync(IServiceProvider services, OneShotArguments arguments, CancellationToken cancellationToken)
    {
        var recipes = services.GetRequiredService<ModelRecipes>();
        if (recipes.Find(arguments.Kind) is not { } recipe)
            return await TellAsync(ExitCodes.BadArguments, $"'{arguments.Kind}' is no kind of model here; known are {string.Join(", ", recipes.Kinds)}.");
        await WaitForSidecarAsync(services, cancellationToken);
        var (job, running) = await services.GetRequiredService<TrainingJobs>().BeginAsync(JobKinds.Train, JobTrigger.Request, cancellationToken);
        if (job is null)
            return await TellAsync(ExitCodes.Busy, $"Training {running!.Id} runs ({running.Progress:P0}: {running.Message}); this one was not begun.");
        job.Told = Tell;
        await services.GetRequiredService<TrainingWorker>().RunAsync(new TrainingRequest(job, recipe), cancellationToken);
        return job.Current switch
        {
            { Status: JobStatus.Succeeded } => ExitCodes.Success,
            { Status: JobStatus.Failed, Message: var reason } => await TellAsync(ExitCodes.Failed, $"The training failed: {reason}"),
            _ => await TellAsync(ExitCodes.Failed, "The training was given up: another trainer took over because this one did not renew its lease in time."),
        };
    }

    // A failure is told as an error, with its reason.
    void Tell(JobEvent step)
    {
        if (step.Status != JobStatus.Failed)
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{step.Progress,4:P0}  {step.Message}"));
    }

    static async Task WaitForSidecarAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            await services.GetRequiredService<DaprClient>().WaitForSidecarAsync(patience.Token);
        }
        catch (OperationCanceledException silence) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"The Dapr sidecar at {services.GetRequiredService<SidecarEnvironment>().HttpEndpoint} was not ready within {Patience.TotalSeconds:0} s.", silence);
        }
    }

    async Task EndSidecarAsync(DaprClient dapr)
    {
        try
        {
            using var soon = new CancellationTokenSource(TimeSpan.FromSeconds(5));
            await dapr.ShutdownSidecarAsync(soon.Token);
        }
        catch (Exception away) when (away is OperationCanceledException || Outages.IsOutage(away))
        {
            await errors.WriteLineAsync($"The sidecar could not be told to end: {Outages.Describe(away)}");
        }
    }

    async Task<int> TellAsync(int code, string what)
    {
        await errors.WriteLineAsync(what);
        return code;
    }
}
