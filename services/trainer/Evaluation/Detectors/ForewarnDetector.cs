using System.Globalization;
using Forewarn.Analytics;
using Forewarn.Contracts;
using Forewarn.Models;

namespace Forewarn.Trainer;

/// <summary>
/// What production does with an entity: features, row, the models that the trainer makes of the training part, scored through
/// ONNX Runtime, and <see cref="EntityDetector"/>. The training part is streamed through the detector too, as an entity's past
/// was: it comes to the test part warm and calibrated. Without a training part it begins as a fresh installation does.
/// </summary>
sealed class ForewarnDetector : IEvaluatedDetector, IDisposable
{
    const string Entity = "evaluated";

    static readonly TrainerOptions Options = new();
    static readonly GeneratedRows Generated = new();

    readonly SeriesSchema _schema;
    readonly SeriesFeatures[] _series;
    readonly int _cadenceMs;
    readonly float[] _row = new float[RowSpec.Count];
    readonly JointEntity _joint = new();
    readonly double[] _importance;
    ITrainedScorer? _model;
    EvaluatedGroup? _group;
    EntityDetector? _detector;
    int _ticks;

    public ForewarnDetector(StreamShape shape)
    {
        _schema = SeriesSchema.Of([.. Enumerable.Range(0, shape.Columns).Select(i => SeriesColumn.Of(string.Create(CultureInfo.InvariantCulture, $"metric.{i}"), "1"))]);
        _importance = new double[shape.Columns];
        _series = [.. _schema.Columns.Select(column => new SeriesFeatures(column.Unit))];
        _cadenceMs = (shape.CadenceMs >= CadenceRules.Minutes.CadenceMs ? CadenceRules.Minutes : CadenceRules.Ticks).CadenceMs;
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
        _group = EvaluatedGroup.Of(Entity, _schema, training);
        _detector = new EntityDetector(new DetectorOptions(), Entity, prior);
        for (var i = 0; i < training.Count; i++)
            Take(training.Times[i], training.Row(i), []);
    }

    public RowJudgement Take(long t, ReadOnlySpan<double> values, Span<double> contributions)
    {
        if (_model is null || _detector is null)
            throw new InvalidOperationException("Fit comes before the first row.");
        var features = new float[_series.Length * FeatureSpec.Count];
        for (var i = 0; i < _series.Length; i++)
            _series[i].Update(t, values[i], features.AsSpan(i * FeatureSpec.Count, FeatureSpec.Count));
        var tick = new FeatureTick(t, features);
        var maturity = MaturityOf(++_ticks);
        EntityDetector.Prepare(tick, _series.Length, _row);
        var joint = JointOf(tick, maturity);
        if (!contributions.IsEmpty)
            Blame(joint, features, contributions);
        var verdict = _detector.Decide(tick, _schema, _cadenceMs, maturity, _model.Score(_row), joint);
        return new RowJudgement(verdict.Telling, verdict.Alarming);
    }

    public void Dispose() => _group?.Dispose();

    JointEvidence JointOf(FeatureTick tick, EntityMaturity maturity)
    {
        if (_group is not { } group)
            return default;
        group.Run.Clear();
        if (_joint.Fill(group.Model, Entity, maturity, tick, _schema, group.Run.Next) is not { } view)
            return default;
        var row = group.Run.Keep();
        group.Run.Score();
        return _joint.Read(view, group.Run, row, tick);
    }

    void Blame(in JointEvidence joint, float[] features, Span<double> contributions)
    {
        if (joint.IsPresent)
        {
            // Its slots are the columns.
            JointBlame.Weigh(joint, features, contributions, _importance);
            return;
        }
        for (var i = 0; i < contributions.Length; i++)
        {
            var deviation = Math.Abs(Explainer.DeviationOf(features, i));
            contributions[i] = float.IsFinite(deviation) ? deviation : 0;
        }
    }

    static EntityMaturity MaturityOf(int ticks) => MaturityLevels.Of(ticks) switch
    {
        Maturity.Cold => EntityMaturity.Cold,
        Maturity.Warming => EntityMaturity.Warming,
        _ => EntityMaturity.Warm,
    };
}
