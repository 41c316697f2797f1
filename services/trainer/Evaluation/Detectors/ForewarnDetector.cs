using System.Globalization;
using Forewarn.Analytics;
using Forewarn.Contracts;
using Forewarn.Models;

namespace Forewarn.Trainer;

/// <summary>
/// What production does with an entity: features, row, the model that the trainer makes of the training part, and
/// <see cref="EntityDetector"/>. The training part is streamed through the detector too, as an entity's past was: it
/// comes to the test part warm and calibrated. Without a training part it begins as a fresh installation does.
/// </summary>
sealed class ForewarnDetector : IEvaluatedDetector
{
    const string Version = "evaluated";

    static readonly TrainerOptions Options = new();
    static readonly GeneratedRows Generated = new();

    readonly SeriesSchema _schema;
    readonly SeriesFeatures[] _series;
    readonly float[] _row = new float[RowSpec.Count];
    ITrainedScorer? _model;
    EntityDetector? _detector;
    int _ticks;

    public ForewarnDetector(StreamShape shape)
    {
        _schema = SeriesSchema.Of([.. Enumerable.Range(0, shape.Columns).Select(i => SeriesColumn.Of(string.Create(CultureInfo.InvariantCulture, $"metric.{i}"), "1"))]);
        _series = [.. _schema.Columns.Select(column => new SeriesFeatures(column.Unit))];
    }

    public void Fit(MetricRows training)
    {
        var replay = new EntityReplay([]);
        for (var i = 0; i < training.Count; i++)
            replay.Add(training.Times[i], _schema, training.Row(i).ToArray());
        var history = replay.Finish() is { } block ? new HistorySample([block], 1) : HistorySample.Empty;
        var set = TrainingSet.Build(history, Generated.Of(Options.Seed), Options.MinHistoryRows, Options.Seed);
        var recipe = new ForestRecipe(Options);
        var prior = CalibrationPrior.FromScores(ModelMaker.HeldOutScores(set, recipe, _ => { }));
        _model = recipe.Train(set.ForTraining(), _ => { });
        _detector = new EntityDetector(new DetectorOptions(), Version, prior);
        for (var i = 0; i < training.Count; i++)
            Decide(training.Times[i], training.Row(i));
    }

    public RowJudgement Take(long t, ReadOnlySpan<double> values, Span<double> contributions)
    {
        var (verdict, features) = Decide(t, values);
        for (var i = 0; i < _series.Length; i++)
        {
            var own = features.AsSpan(i * FeatureSpec.Count, FeatureSpec.Count);
            var deviation = Math.Max(Math.Abs(own[FeatureSpec.Z]), Math.Abs(own[FeatureSpec.ZLevel]));
            contributions[i] = float.IsFinite(deviation) ? deviation : 0;
        }
        return new RowJudgement(-Math.Log10(Math.Max(verdict.P, double.Epsilon)), verdict.Anomalous);
    }

    (Verdict Verdict, float[] Features) Decide(long t, ReadOnlySpan<double> values)
    {
        if (_model is null || _detector is null)
            throw new InvalidOperationException("Fit comes before the first row.");
        var features = new float[_series.Length * FeatureSpec.Count];
        for (var i = 0; i < _series.Length; i++)
            _series[i].Update(t, values[i], features.AsSpan(i * FeatureSpec.Count, FeatureSpec.Count));
        var tick = new FeatureTick(t, features);
        EntityDetector.Prepare(tick, _series.Length, _row);
        _ticks++;
        return (_detector.Decide(tick, _schema, CadenceRules.Ticks.CadenceMs, MaturityOf(_ticks), _model.Score(_row)), features);
    }

    static EntityMaturity MaturityOf(int ticks) => MaturityLevels.Of(ticks) switch
    {
        Maturity.Cold => EntityMaturity.Cold,
        Maturity.Warming => EntityMaturity.Warming,
        _ => EntityMaturity.Warm,
    };
}
