using Forewarn.Analytics;
using Forewarn.Contracts;
using Forewarn.Models;

namespace Forewarn.Predictor.Tests;

/// <summary>An entity whose metrics follow one cause, as the stream processor would publish it; some of them can be turned against it.</summary>
sealed class LinkedHost(string entity, long seed, int cadenceMs = 1000)
{
    public const int Metrics = 10;

    const double Memory = 0.95;
    const double Noise = 0.05;

    readonly SeededRandom _random = new(seed);
    readonly Dictionary<string, SeriesFeatures> _features = new(StringComparer.Ordinal);
    readonly double[] _values = new double[Metrics];
    double _cause;
    double _unknown;
    int _second;
    long _seq;

    public static SeriesSchema Schema { get; } = SchemaOf([.. Enumerable.Range(0, Metrics).Select(NameOf)]);

    /// <summary>Its columns; a name that the host does not know is a metric of its own.</summary>
    public SeriesSchema Columns { get; set; } = Schema;

    /// <summary>Metrics that go down where the others go up: each for itself is what it was.</summary>
    public HashSet<int> Apart { get; } = [];

    /// <summary>When given, instead of what its ticks would make it.</summary>
    public EntityMaturity? Maturity { get; set; }

    /// <summary>Added to every metric.</summary>
    public double Offset { get; set; }

    public static string NameOf(int metric) => $"line.{metric}.rate";

    public static SeriesSchema SchemaOf(IReadOnlyList<string> names) => SeriesSchema.Of([.. names.Select(name => SeriesColumn.Of(name, "{item}/s"))]);

    public FeatureBatch Next(int ticks = 1)
    {
        var maturity = Maturity ?? (_second < MaturityLevels.WarmingSamples ? EntityMaturity.Cold
            : _second < MaturityLevels.WarmSamples ? EntityMaturity.Warming : EntityMaturity.Warm);
        return BatchOf([.. Enumerable.Range(0, ticks).Select(_ => Tick())], cadenceMs, maturity);
    }

    /// <summary>The summary of the minute before the newest tick.</summary>
    public FeatureBatch Minute() =>
        BatchOf([new FeatureTick(PredictorRig.T0 + ((_second - 60) * 1000L), Tick().Features)], CadenceRules.Minutes.CadenceMs, EntityMaturity.Warm);

    /// <summary>Without a message, as the trainer would compute it of history.</summary>
    public FeatureTick Tick()
    {
        Advance();
        var tick = new FeatureTick(PredictorRig.T0 + (_second++ * (long)cadenceMs), new float[Columns.Columns.Count * FeatureSpec.Count]);
        for (var i = 0; i < Columns.Columns.Count; i++)
        {
            var name = Columns.Columns[i].Name;
            if (!_features.TryGetValue(name, out var series))
                _features.Add(name, series = new SeriesFeatures(Columns.Columns[i].Unit));
            series.Update(tick.T, ValueOf(name), tick.Features.AsSpan(i * FeatureSpec.Count, FeatureSpec.Count));
        }
        return tick;
    }

    FeatureBatch BatchOf(IReadOnlyList<FeatureTick> ticks, int cadence, EntityMaturity maturity) => new()
    {
        Entity = entity,
        Producer = "p1",
        Seq = ++_seq,
        Schema = Columns.Hash,
        Spec = FeatureSpec.Version,
        CadenceMs = cadence,
        Maturity = maturity,
        Ticks = ticks,
        Stamps = new Stamps { Received = ticks[^1].T + 10, Featured = ticks[^1].T + 15 },
    };

    double ValueOf(string name)
    {
        for (var i = 0; i < Metrics; i++)
        {
            if (name == NameOf(i))
                return _values[i];
        }
        return _unknown;
    }

    void Advance()
    {
        _cause = (Memory * _cause) + (Math.Sqrt(1 - (Memory * Memory)) * _random.NextGaussian());
        _unknown = _random.NextGaussian();
        for (var i = 0; i < Metrics; i++)
        {
            _values[i] = Offset + (10 * (i + 1)) + (Apart.Contains(i) ? -_cause : _cause) + (Noise * _random.NextGaussian());
        }
    }
}
