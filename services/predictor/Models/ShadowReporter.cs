using Forewarn.Contracts;
using Forewarn.Hosting;
using Grpc.Core;

namespace Forewarn.Predictor;

/// <summary>Tells the trainer every minute what this replica has seen of the challenger so far.</summary>
sealed class ShadowReporter(
    ChallengerHolder challengers, KeyedPublisher publisher, SidecarEnvironment environment, PredictorOptions options,
    TimeProvider time, ILogger<ShadowReporter> logger) : BackgroundService
{
    public async Task ReportAsync(CancellationToken cancellationToken)
    {
        if (challengers.Current?.Report(environment.Producer, time.GetUtcNow().ToUnixTimeMilliseconds()) is not { Ticks: > 0 } report)
            return;
        try
        {
            var id = $"{report.Producer}-{report.CountedSince}-{report.Ticks}";
            await publisher.PublishAsync(
                Components.Broadcast, Topics.Control, new Outgoing<ControlEvent>(report.Challenger, id, new ControlEvent { Shadow = report }),
                ContractJson.Default.ControlEvent, cancellationToken);
        }
        catch (RpcException outage)
        {
            // Counts are cumulative: the next report tells all of it.
            Log.ReportFailed(logger, outage.Status.Detail);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(options.ReportSeconds), time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
            await ReportAsync(stoppingToken);
    }
}
