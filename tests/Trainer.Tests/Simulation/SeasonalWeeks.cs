using Forewarn.Analytics;
using Forewarn.Contracts;

namespace Forewarn.Trainer.Tests.Simulation;

/// <summary>
/// An entity over weeks, from a Monday on: metrics follow a load with a daily and a weekly rhythm; about 03:00 a job of twenty
/// minutes runs each night, and one of forty on Sundays at 06:00.
/// </summary>
sealed class SeasonalWeeks
{
    public const long Monday = 1_704_067_200_000;
    const long MinuteMs = 60_000;
    const long HourMs = 3_600_000;
    const long DayMs = 86_400_000;

    readonly SeededRandom _random;
    readonly long _cadenceMs;
    readonly bool _hasRhythm;
    readonly double _kept;
    readonly double _ownKept;
    readonly double[] _own;
    readonly MinuteAggregator _aggregator;
    readonly WeeklyProfile[] _profiles;
    readonly SeriesFeatures[] _plain;
    readonly SeriesFeatures[] _seasonal;
    readonly double[] _means;
    double _load;
    (long From, long To) _nightly;
    (long From, long To) _weekly;
    long _day = -1;

    /// <param name="metrics">Metrics of the entity.</param>
    /// <param name="cadenceMs">Milliseconds between ticks.</param>
    /// <param name="seed">The same gives the same values.</param>
    /// <param name="hasRhythm">False for a load without rhythm and jobs.</param>
    public SeasonalWeeks(int metrics, int cadenceMs, long seed, bool hasRhythm = true)
    {
        (_random, _cadenceMs, _hasRhythm) = (new SeededRandom(seed), cadenceMs, hasRhythm);
        Schema = SeriesSchema.Of([.. Enumerable.Range(0, metrics).Select(i => SeriesColumn.Of($"app.metric{i}", i % 2 == 0 ? "{request}/s" : "s"))]);
        // The load forgets within half an hour, a metric within three minutes.
        (_kept, _ownKept) = (Math.Exp(-cadenceMs / (30.0 * MinuteMs)), Math.Exp(-cadenceMs / (3.0 * MinuteMs)));
        (_own, _means, _aggregator) = (new double[metrics], new double[metrics], new MinuteAggregator(metrics));
        _profiles = [.. Schema.Columns.Select(column => new WeeklyProfile(column.Unit))];
        _plain = [.. Schema.Columns.Select(column => new SeriesFeatures(column.Unit))];
        _seasonal = [.. Schema.Columns.Select(column => new SeriesFeatures(column.Unit))];
        T = Monday - cadenceMs;
    }

    public SeriesSchema Schema { get; }

    /// <summary>Of the tick returned last.</summary>
    public long T { get; private set; }

    /// <summary>When the level of the nightly job comes at an hour that is none of its own.</summary>
    public (long From, long To) Fault { get; init; }

    public bool IsNightly(long t) => t >= _nightly.From - (5 * MinuteMs) && t < _nightly.To + HourMs;

    public bool IsWeekly(long t) => t >= _weekly.From - (5 * MinuteMs) && t < _weekly.To + HourMs;

    /// <summary>The next tick's features without and with profiles.</summary>
    public (FeatureTick Plain, FeatureTick Seasonal) Next()
    {
        T += _cadenceMs;
        Plan((T - Monday) / DayMs);
        _load = (_kept * _load) + (Math.Sqrt(1 - (_kept * _kept)) * _random.NextGaussian());
        var demand = 1 + (_hasRhythm ? (0.4 * Math.Sin(2 * Math.PI * (T - (8 * HourMs)) / DayMs)) + (_day % 7 > 4 ? -0.3 : 0) : 0) + (0.05 * _load);
        Span<double> values = stackalloc double[_own.Length];
        for (var i = 0; i < values.Length; i++)
        {
            _own[i] = (_ownKept * _own[i]) + (Math.Sqrt(1 - (_ownKept * _ownKept)) * _random.NextGaussian());
            values[i] = JobFactor(i) * (i % 2 == 0 ? 100 * (i + 1) * demand * (1 + (0.04 * _own[i])) : 0.02 * (i + 1) * Math.Sqrt(demand) * Math.Exp(0.1 * _own[i]));
        }
        if (_aggregator.Add(T, values, _means, out var minute))
        {
            for (var i = 0; i < values.Length; i++)
                _profiles[i].Add(minute, _means[i]);
        }
        var (plain, seasonal) = (new float[values.Length * FeatureSpec.Count], new float[values.Length * FeatureSpec.Count]);
        for (var i = 0; i < values.Length; i++)
        {
            _plain[i].Update(T, values[i], plain.AsSpan(i * FeatureSpec.Count, FeatureSpec.Count));
            _seasonal[i].Update(T, values[i], seasonal.AsSpan(i * FeatureSpec.Count, FeatureSpec.Count), _profiles[i].At(T));
        }
        return (new FeatureTick(T, plain), new FeatureTick(T, seasonal));
    }

    void Plan(long day)
    {
        if (day == _day)
            return;
        _day = day;
        var midnight = Monday + (day * DayMs);
        var start = midnight + (3 * HourMs) + (long)(_random.NextDouble() * 4 * MinuteMs);
        _nightly = (start, start + (20 * MinuteMs) + (long)(_random.NextGaussian() * 2 * MinuteMs));
        _weekly = day % 7 == 6 ? (midnight + (6 * HourMs), midnight + (6 * HourMs) + (40 * MinuteMs)) : default;
    }

    double JobFactor(int metric)
    {
        var nightly = (_hasRhythm && T >= _nightly.From && T < _nightly.To) || (T >= Fault.From && T < Fault.To);
        var weekly = _hasRhythm && T >= _weekly.From && T < _weekly.To;
        return (nightly && metric < 3 ? 3 : 1) * (weekly && metric is > 0 and < 4 ? 4 : 1);
    }
}
