namespace Forewarn.Trainer;

/// <summary>
/// What most monitoring is: fixed limits for each metric, here the outermost thousandth of the training part, without one
/// three standard deviations of the probation. The score is the farthest distance in units of the limit.
/// </summary>
sealed class StaticThreshold(StreamShape shape) : IEvaluatedDetector
{
    const double Sigmas = 3;
    const double Most = 1e6;

    readonly Filled _filled = new(shape.Columns);
    readonly double[] _middle = new double[shape.Columns];
    readonly double[] _above = new double[shape.Columns];
    readonly double[] _below = new double[shape.Columns];
    readonly List<double> _probation = [];
    ThreeOfFive _alarm;
    bool _isSet;

    public void Fit(MetricRows training)
    {
        if (training.Count == 0)
            return;
        for (var column = 0; column < shape.Columns; column++)
        {
            double[] sorted = [.. Enumerable.Range(0, training.Count).Select(i => training.Row(i)[column]).Where(double.IsFinite).Order()];
            if (sorted.Length == 0)
                continue;
            var middle = Analytics.Bootstrap.Quantile(sorted, 0.5);
            Set(column, middle, Analytics.Bootstrap.Quantile(sorted, Quantiles.Limit) - middle, middle - Analytics.Bootstrap.Quantile(sorted, 1 - Quantiles.Limit));
        }
        _isSet = true;
    }

    public RowJudgement Take(long t, ReadOnlySpan<double> values, Span<double> contributions)
    {
        var filled = _filled.Take(values);
        if (!_isSet)
            return Learn(filled);
        double farthest = 0;
        for (var i = 0; i < shape.Columns; i++)
        {
            var distance = filled[i] - _middle[i];
            distance = Math.Min(Most, distance >= 0 ? distance / _above[i] : -distance / _below[i]);
            farthest = Math.Max(farthest, distance);
            if (!contributions.IsEmpty)
                contributions[i] = distance;
        }
        return new RowJudgement(farthest, _alarm.Take(farthest > 1));
    }

    RowJudgement Learn(ReadOnlySpan<double> values)
    {
        _probation.Add(values[0]);
        if (_probation.Count >= Math.Max(2, shape.Probation))
        {
            var mean = _probation.Average();
            var deviation = Math.Sqrt(_probation.Average(value => (value - mean) * (value - mean)));
            Set(0, mean, Sigmas * deviation, Sigmas * deviation);
            _isSet = true;
            _probation.Clear();
        }
        return default;
    }

    // A metric that never moved would turn rounding into an alarm.
    void Set(int column, double middle, double above, double below)
    {
        var least = 1e-3 * Math.Max(1e-3, Math.Abs(middle));
        (_middle[column], _above[column], _below[column]) = (middle, Math.Max(least, above), Math.Max(least, below));
    }
}
