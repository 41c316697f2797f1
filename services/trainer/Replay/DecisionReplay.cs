using Forewarn.Analytics;
using Forewarn.Contracts;
using Forewarn.Models;

namespace Forewarn.Trainer;

/// <summary>A model in a replay.</summary>
sealed record ReplayModel(string Version, OnnxScorer Scorer, CalibrationPrior Prior, OnlineModel? Online)
{
    public static ReplayModel Of(LoadedModel model) => new(model.Version, model.Scorer, model.Manifest.Prior, model.Online);
}

/// <summary>
/// Replays one entity's stored samples in event time and tells when each model would have had a decision open: features,
/// rows, scores and <see cref="EntityDetector"/> are those of production. Models see the same ticks side by side.
/// </summary>
sealed class DecisionReplay(IReadOnlyList<ReplayModel> models, DetectorOptions options)
{
    /// <summary>Ticks scored in one run: bounds what is kept of an entity with thousands of series.</summary>
    const int Batch = 64;

    readonly ReplayTicks _ticks = new();
    readonly List<ReplayTick> _waiting = [];
    readonly Course[] _courses = [.. models.Select(model => new Course(model, options))];

    /// <summary>Ticks of the entity's own that were decided on.</summary>
    public int Ticks { get; private set; }

    /// <summary>Takes a sample; event time must not go back.</summary>
    public void Add(long t, SeriesSchema schema, double[] values)
    {
        foreach (var tick in _ticks.Add(t, schema, values))
            Take(tick);
    }

    /// <summary>When each model, in their order, had a decision open.</summary>
    public IReadOnlyList<IReadOnlyList<Episode>> Finish()
    {
        foreach (var tick in _ticks.Finish())
            Take(tick);
        Decide();
        return [.. _courses.Select(course => Episodes.Join(course.End()))];
    }

    void Take(ReplayTick tick)
    {
        _waiting.Add(tick);
        Ticks += tick.IsMean ? 0 : 1;
        if (_waiting.Count == Batch)
            Decide();
    }

    void Decide()
    {
        if (_waiting.Count == 0)
            return;
        var rows = new float[_waiting.Count * RowSpec.Count];
        for (var i = 0; i < _waiting.Count; i++)
            EntityDetector.Prepare(_waiting[i].Tick, _waiting[i].Schema.Columns.Count, rows.AsSpan(i * RowSpec.Count, RowSpec.Count));
        var scores = new float[_waiting.Count];
        for (var model = 0; model < models.Count; model++)
        {
            models[model].Scorer.Score(rows, _waiting.Count, scores);
            for (var i = 0; i < _waiting.Count; i++)
                _courses[model].Take(_waiting[i], rows.AsSpan(i * RowSpec.Count, RowSpec.Count), scores[i]);
        }
        _waiting.Clear();
    }

    /// <summary>One model's decisions, cadence by cadence.</summary>
    sealed class Course(ReplayModel model, DetectorOptions options)
    {
        readonly EntityDetector _detector = new(options, model.Version, model.Prior);
        readonly EntityScorer? _scorer = EntityScorer.Of(model.Version, model.Online);
        readonly List<Episode> _episodes = [];
        long? _tickSince;
        long? _minuteSince;
        long _last;

        public void Take(in ReplayTick tick, ReadOnlySpan<float> row, float score)
        {
            score = _scorer?.Take(model.Online!, row) ?? score;
            _last = Math.Max(_last, tick.CompleteAt);
            var verdict = _detector.Decide(tick.Tick, tick.Schema, tick.CadenceMs, tick.Maturity, score);
            if (tick.CadenceMs == CadenceRules.Minutes.CadenceMs)
                Follow(ref _minuteSince, verdict.Anomalous, tick.CompleteAt);
            else
                Follow(ref _tickSince, verdict.Anomalous, tick.CompleteAt);
        }

        public List<Episode> End()
        {
            Follow(ref _tickSince, isOpen: false, _last);
            Follow(ref _minuteSince, isOpen: false, _last);
            return _episodes;
        }

        void Follow(ref long? since, bool isOpen, long at)
        {
            if (isOpen)
            {
                since ??= at;
            }
            else if (since is { } from)
            {
                _episodes.Add(new Episode(from, at));
                since = null;
            }
        }
    }
}
