using Forewarn.Contracts;
using Forewarn.Hosting;
using Grpc.Core;

namespace Forewarn.Ingestion;

/// <summary>
/// Keeps what was found for as long as it is found, and tells it: as a detection of kind <c>data-quality</c> every 10 s, in the log when it begins
/// and ends, by a counter. What cannot be published is told again, so nothing waits for it.
/// </summary>
sealed class QualityReporter(KeyedPublisher publisher, Telemetry telemetry, TimeProvider time, ILogger<QualityReporter> logger) : BackgroundService
{
    /// <summary>Detections of one finding come so far apart.</summary>
    public const int RepeatMs = 10_000;

    /// <summary>Not found for so long, it is over. Slow senders are looked at as seldom as they send.</summary>
    const long OverMs = 150_000;

    const int Most = 1_000;
    static readonly TimeSpan Round = TimeSpan.FromSeconds(2);

    readonly Dictionary<(string Entity, string Check), Active> _active = [];
    readonly Lock _gate = new();

    /// <summary>What is found at present, the newest first.</summary>
    public IReadOnlyList<FindingView> Current
    {
        get
        {
            lock (_gate)
                return [.. _active.Values.OrderByDescending(active => active.Since).Select(active => active.View)];
        }
    }

    /// <summary>Takes a finding; the same again keeps it alive.</summary>
    public void Report(Finding finding)
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        lock (_gate)
        {
            if (!_active.TryGetValue((finding.Entity, finding.Check), out var active))
            {
                if (_active.Count == Most)
                    return;
                _active[(finding.Entity, finding.Check)] = active = new Active(finding, now);
                telemetry.Found(finding.Check);
                Log.QualityFound(logger, finding.Entity, finding.Check, finding.Summary);
            }
            (active.Finding, active.LastFound) = (finding, now);
        }
    }

    /// <summary>One round: forgets what is over and publishes what is due.</summary>
    public async Task TellAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var due = Due(now);
        if (due.Count == 0)
            return;
        var detections = due.ConvertAll(active => DetectionOf(active, now));
        var outgoing = detections.ConvertAll(detection => new Outgoing<Detection>(detection.Entity, detection.Id, detection));
        await publisher.PublishAsync(Components.Alerts, Topics.Detections, outgoing, ContractJson.Default.Detection, cancellationToken);
        lock (_gate)
        {
            foreach (var active in due)
                active.LastTold = now;
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Round, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await TellAsync(stoppingToken);
            }
            catch (RpcException outage) when (!stoppingToken.IsCancellationRequested)
            {
                Log.QualityUnpublished(logger, outage.Status.Detail);
            }
        }
    }

    List<Active> Due(long now)
    {
        lock (_gate)
        {
            foreach (var (key, active) in _active)
            {
                if (now - active.LastFound <= OverMs)
                    continue;
                _active.Remove(key);
                Log.QualityOver(logger, key.Entity, key.Check);
            }
            return [.. _active.Values.Where(active => now - active.LastTold >= RepeatMs)];
        }
    }

    static Detection DetectionOf(Active active, long now)
    {
        var (finding, cause) = (active.Finding, $"data-quality/{active.Finding.Check}");
        // On a grid, so that two replicas that say the same thing give it the same id.
        var t = now / RepeatMs * RepeatMs;
        return new()
        {
            Id = Detection.IdOf(finding.Entity, DetectionKind.DataQuality, cause, RepeatMs, t),
            Entity = finding.Entity,
            Kind = DetectionKind.DataQuality,
            Cause = cause,
            T = t,
            Since = Math.Min(active.Since, t),
            CadenceMs = RepeatMs,
            StepMs = RepeatMs,
            Summary = finding.Summary,
            Stamps = new Stamps { Received = now, Detected = now },
        };
    }

    sealed class Active(Finding finding, long since)
    {
        public Finding Finding { get; set; } = finding;
        public long Since { get; } = since;
        public long LastFound { get; set; } = since;
        public long LastTold { get; set; } = long.MinValue / 2;

        public FindingView View => new(Finding.Entity, Finding.Check, Finding.Summary, Since, LastFound);
    }
}

/// <param name="Since">When it was first found, unix milliseconds.</param>
/// <param name="LastFound">When it was last found, unix milliseconds.</param>
sealed record FindingView(string Entity, string Check, string Summary, long Since, long LastFound);
