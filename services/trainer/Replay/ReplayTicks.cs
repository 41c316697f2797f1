using Forewarn.Analytics;
using Forewarn.Contracts;
using Forewarn.Models;

namespace Forewarn.Trainer;

/// <summary>A tick as production would have scored it.</summary>
/// <param name="IsMean">It is the mean of a minute, not a tick of the entity's own.</param>
readonly record struct ReplayTick(FeatureTick Tick, int CadenceMs, EntityMaturity Maturity, SeriesSchema Schema, bool IsMean)
{
    /// <summary>Event time at which it was complete: a mean is judged when its minute is over.</summary>
    public long CompleteAt => IsMean ? Tick.T + CadenceMs : Tick.T;
}

/// <summary>
/// Makes ticks of one entity's stored samples on both cadences, with the features and the minute means that production
/// computes; an entity's own ticks are on the cadence that production puts them on. Event time must not go back.
/// </summary>
sealed class ReplayTicks
{
    const long GridMs = 1000;

    /// <summary>Bounds memory; a row pools the strangest series anyway.</summary>
    const int MaxSeries = 5000;

    readonly Dictionary<string, int> _index = new(StringComparer.Ordinal);
    readonly List<SeriesColumn> _columns = [];
    readonly List<SeriesFeatures> _ticks = [];
    readonly List<SeriesFeatures> _minutes = [];
    readonly List<WeeklyProfile> _profiles = [];
    readonly MinuteAggregator _aggregator = new(0);
    readonly TickRhythm _rhythm = new();
    double[] _values = [];
    SeriesSchema? _schema;
    long _tick = long.MinValue;
    int _ticksSeen;
    int _minutesSeen;
    int _ticksInMinute;

    /// <summary>Takes a sample; gives the ticks that it completes. Samples of one second are one tick.</summary>
    public IEnumerable<ReplayTick> Add(long t, SeriesSchema schema, double[] values)
    {
        var tick = t / GridMs * GridMs;
        List<ReplayTick> completed = tick > _tick ? [.. Complete()] : [];
        _tick = Math.Max(tick, _tick);
        for (var i = 0; i < Math.Min(values.Length, schema.Columns.Count); i++)
        {
            if (PlaceOf(schema.Columns[i]) is { } at)
                _values[at] = values[i];
        }
        return completed;
    }

    /// <summary>The ticks that were still waiting for more samples.</summary>
    public IEnumerable<ReplayTick> Finish() => [.. Complete()];

    float[] Update(List<SeriesFeatures> series, long t, ReadOnlySpan<double> values)
    {
        var features = new float[series.Count * FeatureSpec.Count];
        for (var i = 0; i < series.Count; i++)
            series[i].Update(t, values[i], features.AsSpan(i * FeatureSpec.Count, FeatureSpec.Count), _profiles[i].At(t));
        return features;
    }

    static EntityMaturity MaturityOf(int seen) => MaturityLevels.Of(seen) switch
    {
        Maturity.Cold => EntityMaturity.Cold,
        Maturity.Warming => EntityMaturity.Warming,
        _ => EntityMaturity.Warm,
    };

    IEnumerable<ReplayTick> Complete()
    {
        if (_tick == long.MinValue || _columns.Count == 0)
            yield break;
        var isSlow = _rhythm.Take(_tick);
        var schema = _schema ??= SeriesSchema.Of(_columns.ToArray());
        var means = new double[_columns.Count];
        _aggregator.Grow(_columns.Count);
        var isMinute = _aggregator.Add(_tick, _values.AsSpan(0, _columns.Count), means, out var start);
        for (var i = 0; isMinute && i < means.Length; i++)
            _profiles[i].Add(start, means[i]);
        // One tick a minute or less: the minute cadence would only repeat it.
        if (isMinute && _ticksInMinute > 1 && !isSlow)
            yield return new ReplayTick(new FeatureTick(start, Update(_minutes, start, means)), CadenceRules.Minutes.CadenceMs, MaturityOf(++_minutesSeen), schema, IsMean: true);
        _ticksInMinute = isMinute ? 1 : _ticksInMinute + 1;
        var cadence = isSlow ? CadenceRules.Minutes.CadenceMs : CadenceRules.Ticks.CadenceMs;
        yield return new ReplayTick(new FeatureTick(_tick, Update(_ticks, _tick, _values)), cadence, MaturityOf(++_ticksSeen), schema, IsMean: false);
        Array.Fill(_values, double.NaN);
    }

    int? PlaceOf(SeriesColumn column)
    {
        if (_index.TryGetValue(column.Id, out var known))
            return known;
        if (_columns.Count == MaxSeries)
            return null;
        var at = _columns.Count;
        _index[column.Id] = at;
        _columns.Add(column);
        _ticks.Add(new SeriesFeatures(column.Unit));
        _minutes.Add(new SeriesFeatures(column.Unit));
        _profiles.Add(new WeeklyProfile(column.Unit));
        _schema = null;
        if (at >= _values.Length)
        {
            Array.Resize(ref _values, Math.Max(64, _values.Length * 2));
            Array.Fill(_values, double.NaN, at, _values.Length - at);
        }
        return at;
    }
}
