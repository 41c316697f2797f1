using Dapr;
using Forewarn.Alerting.Notifications;
using Forewarn.Contracts;

namespace Forewarn.Alerting.Incidents;

/// <summary>
/// Ready means that an incident could be opened and told now: actors were reached and their store kept one. The rehearsal also runs
/// the code of the first real alert once, which makes that as fast as the thousandth.
/// </summary>
sealed class ActorReadiness(IncidentDirectory incidents, INotificationOutbox outbox, TimeProvider time, ILogger<ActorReadiness> logger) : BackgroundService
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
                var now = time.GetUtcNow();
                await incidents.RehearseAsync(FoldOf(now), stoppingToken);
                await outbox.EnqueueAsync([Rehearsal.NotificationOf(IncidentOf(now), now.ToUnixTimeMilliseconds())], stoppingToken);
                NotReadyBecause = null;
            }
            catch (Exception outage) when (outage is DaprException or HttpRequestException or TaskCanceledException && !stoppingToken.IsCancellationRequested)
            {
                Log.ActorsNotThereYet(logger, outage.Message);
                await Task.Delay(Pause, time, stoppingToken);
            }
        }
    }

    static DetectionFold FoldOf(DateTimeOffset now) =>
        new(NobodysFingerprint, new Dictionary<string, string>(StringComparer.Ordinal), [new FoldPart(NobodysFingerprint, "", [Nothing(now)])]);

    /// <summary>The same in every run, so that they leave one queue behind and not one each.</summary>
    static IncidentEvent IncidentOf(DateTimeOffset now) =>
        IncidentMachine.Observe(null, FoldOf(now), now.ToUnixTimeMilliseconds(), new AlertingOptions())!.Incident with { Id = Fingerprint.IncidentId(NobodysFingerprint, 0) };

    static Detection Nothing(DateTimeOffset now) => new()
    {
        Id = NobodysFingerprint,
        Entity = "nobody",
        Kind = DetectionKind.Joint,
        Cause = "rehearsal",
        T = now.ToUnixTimeMilliseconds(),
        Since = now.ToUnixTimeMilliseconds(),
        CadenceMs = 1000,
        Summary = "Nothing has happened.",
        Contributors = [new Contributor { Series = "0", Name = "nothing", Unit = "1", Value = 0, Expected = 0, Low = 0, High = 0, Z = 0 }],
        Features = [0],
    };
}
