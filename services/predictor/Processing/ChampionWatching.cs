using Forewarn.Contracts;
using Forewarn.Models;

namespace Forewarn.Predictor;

/// <summary>Counts, hour by hour, what the champion scores and opens, for the trainer to compare with what it was made on.</summary>
sealed class ChampionWatching(ModelHolder models, TimeProvider time)
{
    const long HourMs = 3_600_000;

    /// <summary>Hours whose last report could not be published yet, at most: an outage of the broker loses older ones.</summary>
    const int FinishedKept = 4;

    readonly Lock _gate = new();
    readonly Queue<ChampionCounts> _finished = [];
    ChampionCounts? _current;

    /// <summary>Call once for every delivery whose ticks were decided on.</summary>
    public void Observe(ScoredTicks scored)
    {
        // A model that was swapped out while it scored: its last ticks are in no count.
        if (scored.Decided.Count == 0 || models.ChampionAtOf(scored.Model) is not { } championAt)
            return;
        lock (_gate)
        {
            var counts = CurrentOf(scored.Model, championAt);
            foreach (var decided in scored.Decided)
                Count(counts, scored, decided);
        }
    }

    /// <summary>Reports of all counts under way, oldest first.</summary>
    public IReadOnlyList<ChampionReport> Reports(string producer)
    {
        lock (_gate)
        {
            var now = time.GetUtcNow().ToUnixTimeMilliseconds();
            return [.. _finished.Append(_current).Select(counts => counts?.Report(producer, now)).OfType<ChampionReport>()];
        }
    }

    /// <summary>Takes note that reports were published: what is finished need not be told again.</summary>
    public void Told(IReadOnlyList<ChampionReport> reports)
    {
        lock (_gate)
        {
            // The newest of them may still be counting.
            for (var told = reports.Count - 1; told > 0 && _finished.Count > 0; told--)
                _finished.Dequeue();
        }
    }

    ChampionCounts CurrentOf(LoadedModel model, long championAt)
    {
        var hour = time.GetUtcNow().ToUnixTimeMilliseconds() / HourMs * HourMs;
        if (_current?.IsOf(model, championAt, hour) == true)
            return _current;
        if (_current is not null)
            _finished.Enqueue(_current);
        if (_finished.Count > FinishedKept)
            _finished.Dequeue();
        return _current = new ChampionCounts(model, championAt, hour);
    }

    static void Count(ChampionCounts counts, ScoredTicks scored, DecidedTick decided)
    {
        var work = scored.Work[decided.At];
        if (decided.Opened)
            counts.Opened(work.Slot.Entity);
        // Minutes of seconds are the same time again.
        if (!work.Slot.State!.Detector.IsOwn(work.Batch.CadenceMs, work.Tick.T) || work.Batch.Maturity == EntityMaturity.Cold)
            return;
        counts.Watched(work.Batch.CadenceMs, work.Slot.State.Detector.Options.FalseAlarmsPerWeek);
        if (work.Batch.Maturity == EntityMaturity.Warm && !decided.IsOpen)
            counts.Add(scored.Scores[decided.At], scored.Row(decided.At));
    }
}
