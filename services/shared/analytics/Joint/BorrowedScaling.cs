namespace Forewarn.Analytics;

/// <summary>
/// The scaling of an entity that its group's model has not learned from: levels are its own from the first rows on, deviations
/// begin as the group's and become its own, the group's counting as <see cref="TypicalRows"/> rows (shrinkage by pooled
/// variance). Not thread-safe.
/// </summary>
public sealed class BorrowedScaling
{
    /// <summary>Rows before there is a scaling.</summary>
    public const int FewestRows = 300;

    const byte CheckpointVersion = 1;
    const double TypicalRows = 600;

    /// <summary>From here on older rows fade: two hours of seconds.</summary>
    const long MostRows = 7200;

    /// <summary>A new scaling after so many rows: more often it would hardly differ.</summary>
    const int Every = 60;

    readonly double[] _mean;
    readonly double[] _variance;
    readonly long[] _count;
    long _rows;
    JointScaling? _current;
    JointScaling? _typical;

    /// <param name="metrics">Metrics in a row.</param>
    public BorrowedScaling(int metrics)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(metrics, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(metrics, JointRow.MaxMetrics);
        (_mean, _variance, _count) = (new double[metrics * JointRow.Count], new double[metrics * JointRow.Count], new long[metrics]);
    }

    /// <summary>Takes a row and gives the scaling that suits it; null before there are <see cref="FewestRows"/>.</summary>
    /// <param name="row">Metrics x <see cref="JointRow.Count"/>, not scaled; NaN where a metric is missing.</param>
    /// <param name="typical">What the group's entities have in common.</param>
    /// <param name="leastScale">As <see cref="JointOptions.LeastScale"/>.</param>
    public JointScaling? Take(ReadOnlySpan<float> row, JointScaling typical, double leastScale)
    {
        ArgumentNullException.ThrowIfNull(typical);
        if (row.Length != _mean.Length || typical.Metrics != _count.Length)
            throw new ArgumentException($"{_count.Length} metrics are a row of {_mean.Length}, got {row.Length} and a scaling of {typical.Metrics} metrics.", nameof(row));
        _rows++;
        for (var metric = 0; metric < _count.Length; metric++)
            Learn(row, metric);
        if (_rows >= FewestRows && (_current is null || _typical != typical || _rows % Every == 0))
            (_current, _typical) = (typical.Shrunk(_mean, _variance, _count, TypicalRows, leastScale), typical);
        return _current;
    }

    public void Write(BinaryWriter w)
    {
        ArgumentNullException.ThrowIfNull(w);
        w.Write(CheckpointVersion);
        w.Write(_count.Length);
        w.Write(_rows);
        foreach (var count in _count)
            w.Write(count);
        foreach (var value in (ReadOnlySpan<double>)[.. _mean, .. _variance])
            w.Write(value);
    }

    /// <exception cref="InvalidDataException">The bytes are no checkpoint of this version.</exception>
    public static BorrowedScaling Read(BinaryReader r)
    {
        ArgumentNullException.ThrowIfNull(r);
        r.ExpectVersion(CheckpointVersion, "a borrowed scaling");
        var metrics = r.ReadBoundedCount(JointRow.MaxMetrics);
        if (metrics == 0)
            throw new InvalidDataException("The checkpoint of a borrowed scaling holds no metric; discard it and start from history.");
        var scaling = new BorrowedScaling(metrics) { _rows = r.ReadInt64() };
        for (var i = 0; i < metrics; i++)
            scaling._count[i] = r.ReadInt64();
        foreach (var values in (ReadOnlySpan<double[]>)[scaling._mean, scaling._variance])
        {
            for (var i = 0; i < values.Length; i++)
            {
                values[i] = r.ReadDouble();
                if (!double.IsFinite(values[i]))
                    throw new InvalidDataException("The checkpoint of a borrowed scaling holds a number that is not finite; discard it and start from history.");
            }
        }
        return scaling;
    }

    // Welford's recurrence, for running moments.
    void Learn(ReadOnlySpan<float> row, int metric)
    {
        var first = metric * JointRow.Count;
        if (float.IsNaN(row[first]))
            return;
        _count[metric] = Math.Min(_count[metric] + 1, MostRows);
        var share = 1.0 / _count[metric];
        for (var i = first; i < first + JointRow.Count; i++)
        {
            var distance = row[i] - _mean[i];
            _mean[i] += share * distance;
            _variance[i] += share * ((distance * (row[i] - _mean[i])) - _variance[i]);
        }
    }
}
