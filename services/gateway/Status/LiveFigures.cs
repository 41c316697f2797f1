using System.Collections.Concurrent;
using Forewarn.Contracts;

namespace Forewarn.Gateway.Status;

/// <summary>What the gateway learns about the platform from the verdicts and incidents that pass by.</summary>
sealed class LiveFigures(Telemetry telemetry, TimeProvider time)
{
    /// <summary>An entity counts as watched this long after its newest tick.</summary>
    static readonly TimeSpan Present = TimeSpan.FromMinutes(1);

    /// <summary>A clock that jumped back further than this was set right; what is closer is a repeat.</summary>
    const long JumpMs = 60_000;

    sealed class Track
    {
        public int FinestCadenceMs = int.MaxValue;
        public long SeenAt;
        public long Newest = long.MinValue;
        public readonly Dictionary<int, long> LastByCadence = [];
    }

    readonly ConcurrentDictionary<string, Track> _entities = new(StringComparer.Ordinal);
    readonly LatencyWindow _loop = new(1_000);
    readonly LatencyWindow _alert = new(200);
    readonly RateWindow _samples = new(time);
    volatile string? _model;

    public double SamplesPerSecond => _samples.Read();
    public LatencyMs LoopLatency => _loop.Read();
    public LatencyMs AlertLatency => _alert.Read();

    /// <summary>The model that made the newest verdict, of everybody or of a group.</summary>
    public string? Model => _model;

    /// <summary>Entities with a tick in the last minute; forgets those that are long gone.</summary>
    public int CountEntities()
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var count = 0;
        foreach (var (name, track) in _entities)
        {
            if (now - track.SeenAt <= Present.TotalMilliseconds)
                count++;
            else if (now - track.SeenAt > 10 * Present.TotalMilliseconds)
                _entities.TryRemove(name, out _);
        }
        return count;
    }

    /// <summary>The ticks of the batch that are news; repeats of what was seen are left out, here and in the figures.</summary>
    public IReadOnlyList<PredictionTick> Observe(PredictionBatch batch)
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var track = _entities.GetOrAdd(batch.Entity, _ => new Track());
        lock (track)
        {
            var last = track.LastByCadence.GetValueOrDefault(batch.CadenceMs, long.MinValue / 2);
            var news = batch.Ticks.Where(tick => tick.T > last || tick.T < last - JumpMs).ToList();
            if (news.Count == 0)
                return news;
            track.LastByCadence[batch.CadenceMs] = news[^1].T;
            track.SeenAt = now;
            track.FinestCadenceMs = Math.Min(track.FinestCadenceMs, batch.CadenceMs);
            _model = batch.Model;
            // Coarser cadences are made of the same samples, unless they go on where the finer one has ended.
            if (batch.CadenceMs == track.FinestCadenceMs || news[0].T > track.Newest)
                Count(batch, news, now);
            track.Newest = Math.Max(track.Newest, news[^1].T);
            return news;
        }
    }

    public void Observe(IncidentEvent opened)
    {
        if (opened.Stamps is { Notified: > 0, Received: > 0 } stamps)
            _alert.Add(Math.Max(0, stamps.Notified - stamps.Received));
    }

    void Count(PredictionBatch batch, List<PredictionTick> news, long now)
    {
        var samples = 0L;
        foreach (var tick in news)
        {
            foreach (var value in tick.Values)
                samples += float.IsNaN(value) ? 0 : 1;
        }
        _samples.Add(samples);
        if (batch.Stamps.Received <= 0)
            return;
        var latency = Math.Max(0, now - batch.Stamps.Received);
        _loop.Add(latency);
        telemetry.Loop(latency);
    }
}
