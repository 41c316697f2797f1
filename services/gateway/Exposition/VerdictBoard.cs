using Forewarn.Contracts;

namespace Forewarn.Gateway.Exposition;

/// <summary>
/// The newest verdict on every entity and cadence. One that has no tick for <see cref="IntervalsToGone"/> of its intervals, and for
/// a minute at least, is gone: its numbers are let go, and whoever scrapes sees it end.
/// </summary>
sealed class VerdictBoard(TimeProvider time)
{
    const int IntervalsToGone = 3;
    const long LeastMs = 60_000;
    const long SweepEveryMs = 60_000;

    /// <summary>How long it is remembered how often an entity ticks that is gone: those that tick once an hour come back each time.</summary>
    const long ForgottenAfterMs = 24 * 3_600_000L;

    sealed class Track(int cadenceMs)
    {
        public readonly int CadenceMs = cadenceMs;
        public Verdict? Newest;
        long _seenAt;
        long _t;
        long _step;
        long _stepBefore;

        public void Take(PredictionBatch batch, PredictionTick newest, string entity, long now)
        {
            (_stepBefore, _step) = (_step, _seenAt == 0 ? 0 : Math.Max(0, newest.T - _t));
            (_seenAt, _t) = (now, newest.T);
            Newest = Newest?.Next(batch, newest)
                ?? new Verdict(entity, batch.CadenceMs, batch.Maturity, batch.Model, batch.Schema, newest, batch.Outlook);
        }

        public bool IsGone(long now) => now - _seenAt > Math.Max(LeastMs, IntervalsToGone * Interval);

        public bool IsForgotten(long now) => now - _seenAt > ForgottenAfterMs;

        /// <summary>Ticks may come less often than the cadence says; of two steps one may have been an outage.</summary>
        long Interval => Math.Max(CadenceMs, _stepBefore == 0 ? _step : Math.Min(_step, _stepBefore));
    }

    readonly Lock _gate = new();
    readonly Dictionary<string, List<Track>> _entities = new(StringComparer.Ordinal);
    long _sweptAt;

    /// <param name="newest">The last tick of the batch that is news.</param>
    public void Take(PredictionBatch batch, PredictionTick newest)
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        lock (_gate)
        {
            // Who is never scraped must not keep what is long gone.
            if (now - _sweptAt >= SweepEveryMs)
                Sweep(now);
            if (!_entities.TryGetValue(batch.Entity, out var tracks))
                _entities[batch.Entity] = tracks = [];
            var track = tracks.Find(one => one.CadenceMs == batch.CadenceMs);
            if (track is null)
            {
                tracks.Add(track = new Track(batch.CadenceMs));
                tracks.Sort((one, other) => one.CadenceMs.CompareTo(other.CadenceMs));
            }
            track.Take(batch, newest, batch.Entity, now);
        }
    }

    /// <summary>The entities that are there now, in the order of their names.</summary>
    public IReadOnlyList<EntityVerdicts> Read()
    {
        var present = new List<EntityVerdicts>();
        lock (_gate)
        {
            Sweep(time.GetUtcNow().ToUnixTimeMilliseconds());
            foreach (var (entity, tracks) in _entities)
            {
                if (tracks.Exists(track => track.Newest is not null))
                    present.Add(new EntityVerdicts(entity, [.. tracks.Where(track => track.Newest is not null).Select(track => track.Newest!)]));
            }
        }
        present.Sort((one, other) => string.CompareOrdinal(one.Entity, other.Entity));
        return present;
    }

    void Sweep(long now)
    {
        _sweptAt = now;
        foreach (var (entity, tracks) in _entities)
        {
            foreach (var track in tracks)
            {
                if (track.IsGone(now))
                    track.Newest = null;
            }
            tracks.RemoveAll(track => track.IsForgotten(now));
            if (tracks.Count == 0)
                _entities.Remove(entity);
        }
    }
}
