using Forewarn.Contracts;
using Forewarn.Hosting;
using Grpc.Core;

namespace Forewarn.Predictor;

/// <summary>Tells the trainer every minute what this replica has seen of the champion in this hour.</summary>
sealed class ChampionReporter(
    ChampionWatching watching, KeyedPublisher publisher, SidecarEnvironment environment, PredictorOptions options, TimeProvider time,
    ILogger<ChampionReporter> logger) : BackgroundService
{
    public async Task ReportAsync(CancellationToken cancellationToken)
    {
        var reports = watching.Reports(environment.Producer);
        if (reports.Count == 0)
            return;
        try
        {
            await publisher.PublishAsync(
                Components.Broadcast, Topics.Control,
                [.. reports.Select(report => new Outgoing<ControlEvent>(
                    report.Model, $"{report.Producer}-{report.Model}-{report.ChampionAt}-{report.Hour}-{report.WatchedMs}", new ControlEvent { Champion = report }))],
                ContractJson.Default.ControlEvent, cancellationToken);
            watching.Told(reports);
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
