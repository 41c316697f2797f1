using Forewarn.Analytics;
using Forewarn.Contracts;

namespace Forewarn.Trainer.Tests.Simulation;

/// <summary>
/// An entity on days without any fault: metrics that follow one load, which has a daily rhythm and wanders, each with noise of its own that
/// remembers a little.
/// </summary>
sealed class NormalDays
{
    const double DayMs = 86_400_000;

    readonly SeededRandom _random;
    readonly SeriesFeatures[] _series;
    readonly double[] _own;
    readonly double _kept;
    readonly double _ownKept;
    readonly long _cadenceMs;
    double _load;
    long _t;

    /// <param name="metrics">Metrics of the entity.</param>
    /// <param name="cadenceMs">Milliseconds between ticks.</param>
    /// <param name="seed">The same gives the same values.</param>
    public NormalDays(int metrics, int cadenceMs, long seed)
    {
        (_random, _cadenceMs) = (new SeededRandom(seed), cadenceMs);
        Schema = SeriesSchema.Of([.. Enumerable.Range(0, metrics).Select(i => SeriesColumn.Of($"app.metric{i}", i % 2 == 0 ? "{request}/s" : "s"))]);
        _series = [.. Schema.Columns.Select(column => new SeriesFeatures(column.Unit))];
        _own = new double[metrics];
        // The load forgets within thirty ticks, a metric within three.
        (_kept, _ownKept) = (Math.Exp(-1 / 30.0), Math.Exp(-1 / 3.0));
    }

    public SeriesSchema Schema { get; }

    /// <summary>Lets so many ticks go by.</summary>
    public void Pass(int ticks)
    {
        for (var i = 0; i < ticks; i++)
            Next();
    }

    /// <summary>The next tick's features.</summary>
    public FeatureTick Next()
    {
        _t += _cadenceMs;
        _load = (_kept * _load) + (Math.Sqrt(1 - (_kept * _kept)) * _random.NextGaussian());
        var demand = 1 + (0.3 * Math.Sin(2 * Math.PI * _t / DayMs)) + (0.06 * _load);
        var features = new float[_series.Length * FeatureSpec.Count];
        for (var i = 0; i < _series.Length; i++)
        {
            _own[i] = (_ownKept * _own[i]) + (Math.Sqrt(1 - (_ownKept * _ownKept)) * _random.NextGaussian());
            // Rates rise with the load; durations are skewed, and rise less.
            var value = i % 2 == 0 ? 100 * (i + 1) * demand * (1 + (0.04 * _own[i])) : 0.02 * (i + 1) * Math.Sqrt(demand) * Math.Exp(0.1 * _own[i]);
            _series[i].Update(_t, value, features.AsSpan(i * FeatureSpec.Count, FeatureSpec.Count));
        }
        return new FeatureTick(_t, features);
    }
}
