using Dapr;

namespace Forewarn.Alerting.Incidents;

/// <summary>
/// Ready means that an incident could be opened now: an actor was reached and its store answered. It also makes the
/// first real alert as fast as the thousandth.
/// </summary>
sealed class ActorReadiness(IncidentDirectory incidents, TimeProvider time, ILogger<ActorReadiness> logger) : BackgroundService
{
    const string NobodysFingerprint = "0000000000000000";
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    /// <summary>Null when ready.</summary>
    public string? NotReadyBecause { get; private set; } = "the actors have not answered yet";

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested && NotReadyBecause is not null)
        {
            try
            {
                await incidents.AcknowledgeAsync(NobodysFingerprint, Fingerprint.IncidentId(NobodysFingerprint, 0), stoppingToken);
                NotReadyBecause = null;
            }
            catch (Exception outage) when (outage is DaprException or HttpRequestException or TaskCanceledException && !stoppingToken.IsCancellationRequested)
            {
                Log.ActorsNotThereYet(logger, outage.Message);
                await Task.Delay(Pause, time, stoppingToken);
            }
        }
    }
}
