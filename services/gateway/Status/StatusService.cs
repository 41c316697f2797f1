using Forewarn.Contracts;
using Forewarn.Gateway.Live;
using Forewarn.Hosting;

namespace Forewarn.Gateway.Status;

/// <summary>Sends the status to whoever listens every 2 s, and asks for the truth behind the broadcasts every 30 s.</summary>
sealed class StatusService(
    StatusCollector collector, StreamHub hub, IncidentBook incidents, ChampionWatch champion, ServiceInvoker services, TimeProvider time,
    ILogger<StatusService> logger) : BackgroundService
{
    static readonly TimeSpan Pulse = TimeSpan.FromSeconds(2);
    static readonly TimeSpan TruthEvery = TimeSpan.FromSeconds(30);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var nextTruth = DateTimeOffset.MinValue;
        using var timer = new PeriodicTimer(Pulse, time);
        do
        {
            try
            {
                if (time.GetUtcNow() >= nextTruth && await LearnAsync(stoppingToken))
                    nextTruth = time.GetUtcNow() + TruthEvery;
                if (hub.HasClients)
                    hub.Broadcast(Frame.Of("status", await collector.ReadAsync(stoppingToken), ContractJson.Default.PlatformStatus, mayBeLost: true));
            }
#pragma warning disable CA1031 // The status is shown, nothing depends on it: the next round tries again.
            catch (Exception error) when (!stoppingToken.IsCancellationRequested)
#pragma warning restore CA1031
            {
                Log.StatusFailed(logger, error.Message);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    /// <returns>False while services are still starting: then the next pulse asks again.</returns>
    async Task<bool> LearnAsync(CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(5), time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        try
        {
            var asked = incidents.Unresolved();
            var page = await services.GetAsync(
                Apps.History, "v1/incidents?status=open,acknowledged&limit=500", ContractJson.Default.PageIncidentEvent, either.Token);
            if (page is { Next: null })
                incidents.Correct(page.Items, asked);
            var model = await services.GetAsync(Apps.Trainer, "v1/models/champion?group=any", ContractJson.Default.ModelInfo, either.Token);
            champion.Version = model?.Version;
            return true;
        }
        catch (Exception error) when (error is HttpRequestException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }
}
