using System.Text.Json;
using Forewarn.Contracts;
using Forewarn.Hosting;
using Grpc.Core;

namespace Forewarn.StreamProcessor;

/// <summary>Looks once a second for entities that have stopped reporting, makes sure of it, and says so every 10 s while it lasts.</summary>
sealed class SilenceMonitor(
    EntityRegistry<EntityState> registry, SourceClock sources, LastSeen lastSeen, KeyedPublisher publisher,
    StreamProcessorOptions options, TimeProvider time, Telemetry telemetry, ILogger<SilenceMonitor> logger) : BackgroundService
{
    public const string Cause = "silence";

    const long RepeatMs = 10_000;
    static readonly TimeSpan Round = TimeSpan.FromSeconds(1);

    // When each silent entity was last reported, processing time.
    readonly Dictionary<string, long> _reported = new(StringComparer.Ordinal);

    /// <summary>One round; returns the detections it published.</summary>
    public async Task<IReadOnlyList<Detection>> CheckAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var candidates = Candidates(now);
        if (candidates.Count == 0)
            return [];
        var seen = await lastSeen.ReadAsync(cancellationToken);
        if (seen.Count == 0 || now - seen.Values.Max() > SilenceRules.LateMs)
        {
            Log.SilenceUnknown(logger, "history is behind");
            return [];
        }
        var detections = new List<Detection>();
        foreach (var candidate in candidates)
        {
            // A row of the last tick itself may be up to a grid step later than the tick.
            var elsewhere = seen.TryGetValue(candidate.Entity, out var last) && last >= candidate.LastTick + TickAssembler.GridMs;
            if (!elsewhere)
                detections.Add(Describe(candidate, now));
        }
        await PublishAsync(detections, now, cancellationToken);
        return detections;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Round, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await CheckAsync(stoppingToken);
            }
            catch (Exception outage) when (outage is HttpRequestException or RpcException or JsonException && !stoppingToken.IsCancellationRequested)
            {
                Log.SilenceUnknown(logger, outage.Message);
            }
        }
    }

    List<Candidate> Candidates(long now)
    {
        var candidates = new List<Candidate>();
        foreach (var slot in registry.Slots)
        {
            // A look without a lease: a value that is changing this moment belongs to an entity that is not silent.
            if (slot.State is not { } state)
                continue;
            var verdict = SilenceRules.Judge(state.Life, state.LastTick, state.IntervalMs, sources.Of(state.Life.Source), now, options);
            if (verdict == LifeState.Live)
                _reported.Remove(slot.Entity);
            else if (verdict == LifeState.Silent && now - _reported.GetValueOrDefault(slot.Entity, long.MinValue / 2) >= RepeatMs)
                candidates.Add(new Candidate(slot.Entity, state.LastTick, state.IntervalMs, sources.Of(state.Life.Source)!.NewestEvent));
        }
        return candidates;
    }

    static Detection Describe(Candidate candidate, long now)
    {
        // On a 10 s grid from the last sign of life, so that two replicas that say the same thing give it the same id.
        var silent = candidate.NewestEvent - candidate.LastTick;
        var t = candidate.LastTick + Math.Max(silent / RepeatMs * RepeatMs, TickAssembler.GridMs);
        return new Detection
        {
            Id = Detection.IdOf(candidate.Entity, DetectionKind.Silence, Cause, TickAssembler.GridMs, t),
            Entity = candidate.Entity,
            Kind = DetectionKind.Silence,
            Cause = Cause,
            T = t,
            Since = candidate.LastTick,
            CadenceMs = TickAssembler.GridMs,
            Summary = SilenceSentence.Of(candidate.Entity, silent, candidate.IntervalMs),
            Stamps = new Stamps { Received = now, Detected = now },
        };
    }

    async Task PublishAsync(List<Detection> detections, long now, CancellationToken cancellationToken)
    {
        if (detections.Count == 0)
            return;
        var outgoing = detections.ConvertAll(detection => new Outgoing<Detection>(detection.Entity, detection.Id, detection));
        await publisher.PublishAsync(Components.Alerts, Topics.Detections, outgoing, ContractJson.Default.Detection, cancellationToken);
        foreach (var detection in detections)
        {
            if (_reported.TryAdd(detection.Entity, now))
                Log.Silent(logger, detection.Entity, detection.Summary);
            _reported[detection.Entity] = now;
            telemetry.Silence();
        }
    }

    sealed record Candidate(string Entity, long LastTick, double IntervalMs, long NewestEvent);
}
