using System.Text.Json;
using Forewarn.Contracts;
using Forewarn.Hosting;
using Grpc.Core;

namespace Forewarn.StreamProcessor;

/// <summary>Looks four times a second for entities that have stopped reporting, makes sure of it, and says so every 10 s while it lasts.</summary>
sealed class SilenceMonitor(
    EntityRegistry<EntityState> registry, SourceClock sources, LastSeen lastSeen, KeyedPublisher publisher,
    StreamProcessorOptions options, TimeProvider time, Telemetry telemetry, ILogger<SilenceMonitor> logger) : BackgroundService
{
    public const string Cause = "silence";

    const long RepeatMs = 10_000;

    /// <summary>Nothing is asked about the same entity sooner than this after an answer that it is not silent, or none.</summary>
    const long AskAgainMs = 1000;

    static readonly TimeSpan Round = TimeSpan.FromMilliseconds(250);

    readonly SilenceWatch _watch = new(registry, sources, options);

    // What was last done about each entity that seemed silent, processing time.
    readonly Dictionary<string, Suspicion> _suspicions = new(StringComparer.Ordinal);

    /// <summary>One round; returns the detections it published.</summary>
    public async Task<IReadOnlyList<Detection>> CheckAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var candidates = Candidates(now);
        if (candidates.Count == 0)
            return [];
        foreach (var candidate in candidates)
            _suspicions[candidate.Entity] = _suspicions.GetValueOrDefault(candidate.Entity) with { NextLook = now + AskAgainMs };
        var seen = await lastSeen.ReadAsync(cancellationToken);
        var newest = seen.Count == 0 ? long.MinValue / 2 : seen.Values.Max();
        var detections = new List<Detection>();
        foreach (var candidate in candidates)
        {
            // A row of the last tick itself may be up to a grid step later than the tick.
            var elsewhere = seen.TryGetValue(candidate.Entity, out var last) && last >= candidate.LastTick + TickAssembler.GridMs;
            if (!SilenceRules.HasPassed(newest, candidate.Life, candidate.LastTick))
                Log.SilenceUnknown(logger, "history is behind");
            else if (!elsewhere)
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
        var suspected = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (entity, state, verdict) in _watch.Look(now))
        {
            if (verdict != LifeState.Live)
                suspected.Add(entity);
            if (verdict == LifeState.Silent && now >= _suspicions.GetValueOrDefault(entity).NextLook)
                candidates.Add(new Candidate(entity, state.LastTick, state.Life, sources.Of(state.Life.Source)!));
        }
        foreach (var cleared in _suspicions.Keys.Where(entity => !suspected.Contains(entity)))
            _suspicions.Remove(cleared);
        candidates.RemoveAll(candidate => !_suspicions.GetValueOrDefault(candidate.Entity).Told && _watch.IsDoubted(candidate.Life, candidate.Source, now));
        return candidates;
    }

    static Detection Describe(Candidate candidate, long now)
    {
        // On a 10 s grid from the last sign of life, so that two replicas that say the same thing give it the same id.
        var silent = candidate.Source.NewestEvent - candidate.LastTick;
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
            Summary = SilenceSentence.Of(candidate.Entity, now - candidate.Life.LastArrival, candidate.Life.Rhythm.IntervalMs),
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
            if (!_suspicions.GetValueOrDefault(detection.Entity).Told)
                Log.Silent(logger, detection.Entity, detection.Summary);
            _suspicions[detection.Entity] = new Suspicion(Told: true, now + RepeatMs);
            telemetry.Silence();
        }
    }

    sealed record Candidate(string Entity, long LastTick, EntityLife Life, SourceProgress Source);

    readonly record struct Suspicion(bool Told, long NextLook);
}
