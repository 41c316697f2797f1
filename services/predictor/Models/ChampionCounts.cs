using Forewarn.Analytics;
using Forewarn.Contracts;
using Forewarn.Models;

namespace Forewarn.Predictor;

/// <summary>What this replica has seen of one champion within one hour. Not thread-safe.</summary>
sealed class ChampionCounts(LoadedModel model, long championAt, long hour)
{
    /// <summary>Bounds the report; a model that alarms on more is counted all the same.</summary>
    const int MostNamed = 200;

    readonly ReferenceHistogram _scores = ReferenceHistogram.FromPrior(model.Manifest.Prior);
    readonly long[] _scoreCounts = new long[ReferenceHistogram.FromPrior(model.Manifest.Prior).Shares.Length];
    readonly long[][] _featureCounts = [.. model.Manifest.Reference.Select(reference => new long[reference.Shares.Length])];
    readonly HashSet<string> _opened = new(StringComparer.Ordinal);
    long _moreOpened;
    long _watchedMs;
    double _budgetMs;
    long _ticks;

    public long Hour => hour;

    public bool IsOf(LoadedModel other, long at, long inHour) => ReferenceEquals(model, other) && championAt == at && hour == inHour;

    /// <param name="cadenceMs">Milliseconds of an entity.</param>
    /// <param name="falseAlarmsPerWeek">What it may cause: entities differ, their mean over the time is reported.</param>
    public void Watched(int cadenceMs, double falseAlarmsPerWeek)
    {
        _watchedMs += cadenceMs;
        _budgetMs += cadenceMs * falseAlarmsPerWeek;
    }

    /// <summary>A tick of ordinary behaviour, as far as anybody knows.</summary>
    public void Add(float score, ReadOnlySpan<float> row)
    {
        _ticks++;
        _scoreCounts[_scores.BinOf(Strangeness.Of(score, row))]++;
        for (var i = 0; i < _featureCounts.Length; i++)
            _featureCounts[i][model.Manifest.Reference[i].BinOf(row[i])]++;
    }

    public void Opened(string entity)
    {
        if (_opened.Count < MostNamed)
            _opened.Add(entity);
        else if (!_opened.Contains(entity))
            _moreOpened++;
    }

    public ChampionReport? Report(string producer, long now) => _watchedMs == 0 ? null : new()
    {
        Producer = producer,
        Model = model.Version,
        ChampionAt = championAt,
        Hour = hour,
        WatchedMs = _watchedMs,
        Ticks = _ticks,
        Features = [.. _featureCounts.Select(counts => counts.ToArray())],
        Scores = [.. _scoreCounts],
        Opened = [.. _opened],
        MoreOpened = _moreOpened,
        FalseAlarmsPerWeek = _budgetMs / _watchedMs,
        At = now,
    };
}
