namespace Forewarn.Trainer;

/// <summary>
/// What the principal components of the training part do not explain of a row (squared prediction error; Jackson,
/// Mudholkar 1979), on standardised raw metrics. A single metric is taken as its last ten values, learned during the
/// probation.
/// </summary>
sealed class PcaResidual : IEvaluatedDetector
{
    const int Lags = 10;
    const double Explained = 0.95;
    const double FarthestZ = 10;

    readonly StreamShape _shape;
    readonly Filled _filled;
    readonly double[] _row;
    readonly List<double[]> _probation = [];
    double[] _mean = [];
    double[] _inverse = [];
    double[][] _components = [];
    ThreeOfFive _alarm;
    double _limit;
    int _taken;

    public PcaResidual(StreamShape shape)
    {
        _shape = shape;
        _filled = new Filled(shape.Columns);
        _row = new double[shape.Columns == 1 ? Lags : shape.Columns];
    }

    public void Fit(MetricRows training)
    {
        var rows = new List<double[]>(training.Count);
        for (var i = 0; i < training.Count; i++)
        {
            if (Gather(training.Row(i)))
                rows.Add([.. _row]);
        }
        if (rows.Count > 1)
            Learn(rows);
    }

    public RowJudgement Take(long t, ReadOnlySpan<double> values, Span<double> contributions)
    {
        var isWhole = Gather(values);
        if (_components.Length > 0)
        {
            var score = Residual(_row, _shape.Columns == 1 ? [] : contributions);
            return new RowJudgement(score, _alarm.Take(score > _limit));
        }
        if (isWhole)
            _probation.Add([.. _row]);
        if (_taken >= _shape.Probation && _probation.Count > Lags)
        {
            Learn(_probation);
            _probation.Clear();
        }
        return default;
    }

    bool Gather(ReadOnlySpan<double> values)
    {
        var filled = _filled.Take(values);
        _taken++;
        if (_shape.Columns > 1)
        {
            filled.CopyTo(_row);
            return true;
        }
        Array.Copy(_row, 1, _row, 0, Lags - 1);
        _row[^1] = filled[0];
        return _taken >= Lags;
    }

    void Learn(List<double[]> rows)
    {
        var width = _row.Length;
        _mean = [.. Enumerable.Range(0, width).Select(i => rows.Average(row => row[i]))];
        _inverse = [.. Enumerable.Range(0, width).Select(i => 1 / Math.Max(1e-6 * Math.Max(1, Math.Abs(_mean[i])), Math.Sqrt(rows.Average(row => (row[i] - _mean[i]) * (row[i] - _mean[i])))))];
        var covariance = new double[width, width];
        var z = new double[width];
        foreach (var row in rows)
        {
            Standardise(row, z);
            for (var i = 0; i < width; i++)
            {
                for (var j = 0; j <= i; j++)
                    covariance[i, j] = covariance[j, i] += z[i] * z[j] / rows.Count;
            }
        }
        var (values, vectors) = Analytics.SymmetricEigen.Of(covariance);
        var (total, kept, explained) = (values.Sum(), 0, 0.0);
        // One component at least is left out, or nothing would be unexplained.
        while (kept < width - 1 && explained < Explained * total)
            explained += values[kept++];
        _components = vectors[..kept];
        _limit = Quantiles.Of(rows.Select(row => Residual(row, [])), Quantiles.Limit);
    }

    double Residual(double[] row, Span<double> contributions)
    {
        Span<double> rest = stackalloc double[row.Length];
        Standardise(row, rest);
        Span<double> z = stackalloc double[row.Length];
        rest.CopyTo(z);
        foreach (var component in _components)
        {
            double along = 0;
            for (var i = 0; i < z.Length; i++)
                along += component[i] * z[i];
            for (var i = 0; i < z.Length; i++)
                rest[i] -= along * component[i];
        }
        double sum = 0;
        for (var i = 0; i < rest.Length; i++)
        {
            var square = rest[i] * rest[i];
            sum += square;
            if (!contributions.IsEmpty)
                contributions[i] = square;
        }
        return sum;
    }

    void Standardise(double[] row, Span<double> z)
    {
        for (var i = 0; i < row.Length; i++)
            z[i] = Math.Clamp((row[i] - _mean[i]) * _inverse[i], -FarthestZ, FarthestZ);
    }
}
