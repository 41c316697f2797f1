using Forewarn.Analytics;

namespace Forewarn.Trainer;

/// <summary>
/// The Isolation Forest of the paper (100 trees of 256) on raw metrics. Without a training part it is grown on the rows of
/// the probation, and again after each as many rows on all that it has seen.
/// </summary>
sealed class PlainForest(StreamShape shape) : IEvaluatedDetector
{
    /// <summary>Rows kept for growing anew, which bounds memory.</summary>
    const int Kept = 10_000;

    readonly Filled _filled = new(shape.Columns);
    readonly float[] _row = new float[shape.Columns];
    readonly List<float> _seen = [];
    IsolationForest? _forest;
    ThreeOfFive _alarm;
    double _limit;
    bool _isOnline = true;
    int _untilGrown = Math.Max(2, shape.Probation);

    public void Fit(MetricRows training)
    {
        _isOnline = training.Count < 2;
        for (var i = 0; i < training.Count; i++)
            _seen.AddRange(Narrow(training.Row(i)));
        if (_isOnline)
            return;
        Grow();
        _seen.Clear();
        _seen.TrimExcess();
    }

    public RowJudgement Take(long t, ReadOnlySpan<double> values, Span<double> contributions)
    {
        var row = Narrow(values);
        var score = _forest?.Score(row) ?? 0;
        if (_isOnline)
        {
            if (_seen.Count >= Kept * shape.Columns)
                _seen.RemoveRange(0, Kept / 10 * shape.Columns);
            _seen.AddRange(row);
            if (--_untilGrown == 0)
            {
                Grow();
                _untilGrown = Math.Max(2, shape.Probation);
            }
        }
        return new RowJudgement(score, _alarm.Take(_forest is not null && score > _limit));
    }

    void Grow()
    {
        var rows = _seen.Count / shape.Columns;
        var data = _seen.ToArray();
        var forest = IsolationForest.Train(data, rows, shape.Columns, new ForestOptions { Stretched = 0 });
        _limit = Quantiles.Of(Enumerable.Range(0, rows).Select(i => (double)forest.Score(data.AsSpan(i * shape.Columns, shape.Columns))), Quantiles.Limit);
        _forest = forest;
    }

    float[] Narrow(ReadOnlySpan<double> values)
    {
        var filled = _filled.Take(values);
        for (var i = 0; i < _row.Length; i++)
            _row[i] = (float)filled[i];
        return _row;
    }
}
