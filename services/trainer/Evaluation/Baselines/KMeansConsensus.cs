namespace Forewarn.Trainer;

/// <summary>
/// The way of Netdata's machine learning: for each metric two-means models of short windows (differences, smoothed over
/// three, the last six), one every few hours and each remembering some; a metric is anomalous only if all its models find
/// it farther out than 99 % of what they were trained on, an entity while more than 1 % of its metrics were, over five rows.
/// </summary>
/// <remarks>Netdata trains on hours of seconds; here the same numbers of models learn from days of rows.</remarks>
sealed class KMeansConsensus(StreamShape shape) : IEvaluatedDetector
{
    const int Averaged = 5;
    const double NodeLimit = 0.01;

    /// <summary>Breaks ties among entities with the same share of anomalous metrics.</summary>
    const double TieWeight = 1e-3;

    readonly MetricModels[] _metrics = [.. Enumerable.Range(0, shape.Columns).Select(_ => new MetricModels())];
    readonly Filled _filled = new(shape.Columns);
    readonly double[] _shares = new double[Averaged];
    int _taken;

    public void Fit(MetricRows training)
    {
        for (var i = 0; i < training.Count; i++)
            Take(training.Times[i], training.Row(i), []);
    }

    public RowJudgement Take(long t, ReadOnlySpan<double> values, Span<double> contributions)
    {
        var filled = _filled.Take(values);
        double anomalous = 0, distances = 0;
        for (var i = 0; i < _metrics.Length; i++)
        {
            var distance = _metrics[i].Take(filled[i]);
            anomalous += distance > 1 ? 1 : 0;
            distances += Math.Min(distance, 100);
            if (!contributions.IsEmpty)
                contributions[i] = distance;
        }
        var share = anomalous / _metrics.Length;
        _shares[_taken++ % Averaged] = share;
        return new RowJudgement(share + (TieWeight * distances / _metrics.Length), _shares.Average() > NodeLimit);
    }
}
