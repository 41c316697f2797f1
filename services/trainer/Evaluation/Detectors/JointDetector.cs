using Forewarn.Analytics;

namespace Forewarn.Trainer;

/// <summary>
/// The joint model with a calibrated decision of its own: measured, not yet deciding in production. Without a training
/// part, or one too short, it knows nothing and reports 0: streams that learn as they go are not its work.
/// </summary>
sealed class JointDetector(StreamShape shape) : IEvaluatedDetector
{
    static readonly JointOptions Options = new();

    // The joint features know no unit.
    readonly SeriesFeatures[] _series = [.. Enumerable.Range(0, shape.Columns).Select(_ => new SeriesFeatures("1"))];
    readonly float[] _features = new float[shape.Columns * FeatureSpec.Count];
    readonly int[] _slots = [.. Enumerable.Range(0, shape.Columns)];
    readonly float[] _row = new float[shape.Columns * JointRow.Count];
    JointScaling? _scaling;
    JointBatch? _batch;
    JointAlarm? _alarm;

    public void Fit(MetricRows training)
    {
        if (training.Count < JointTraining.Settling + JointTraining.MinRows)
            return;
        var rows = new float[training.Count * _row.Length];
        for (var i = 0; i < training.Count; i++)
            Prepare(training.Times[i], training.Row(i), rows.AsSpan(i * _row.Length, _row.Length));
        var trained = JointTraining.Run([rows[(JointTraining.Settling * _row.Length)..]], shape.Columns, Options);
        _scaling = trained.Scalings[0];
        _batch = new JointBatch(trained.Model, capacity: 1);
        _alarm = new JointAlarm(trained.Scores);
        for (var i = 0; i < trained.Scores.Length; i++)
            _alarm.Learn(training.Times[i + JointTraining.Settling], trained.Scores[i]);
    }

    public RowJudgement Take(long t, ReadOnlySpan<double> values, Span<double> contributions)
    {
        Prepare(t, values, _row);
        if (_scaling is null || _batch is null || _alarm is null)
            return default;
        _batch.Clear();
        var row = _batch.Add(_row, _scaling);
        _batch.Score();
        var own = _batch.ContributionsOf(row);
        for (var i = 0; i < own.Length; i++)
            contributions[i] = own[i];
        return new RowJudgement(_batch.ScoreOf(row), _alarm.Take(t, _batch.ScoreOf(row)));
    }

    void Prepare(long t, ReadOnlySpan<double> values, Span<float> row)
    {
        for (var i = 0; i < _series.Length; i++)
            _series[i].Update(t, values[i], _features.AsSpan(i * FeatureSpec.Count, FeatureSpec.Count));
        JointRow.Gather(_features, _slots, row);
    }
}
