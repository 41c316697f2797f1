using Forewarn.Analytics;

namespace Forewarn.Trainer;

/// <summary>
/// A <see cref="MetricLane"/> for each metric, without regard to one another: measured, not yet deciding. One metric speaks
/// for itself; of several the strangest and how many join in: the greatest strangeness and the mean of all.
/// </summary>
sealed class LaneDetector(StreamShape shape) : IEvaluatedDetector
{
    /// <summary>Several lanes have as many chances of a false alarm: one of them alone counts when it is that much rarer.</summary>
    readonly double _opensAt = MetricLane.OpensAt / shape.Columns;

    readonly MetricLane[] _lanes = [.. Enumerable.Range(0, shape.Columns).Select(_ => new MetricLane())];
    readonly double[] _strangeness = new double[shape.Columns];
    ThreeOfFive _alarm;

    public void Fit(MetricRows training)
    {
        for (var i = 0; i < training.Count; i++)
            Take(training.Times[i], training.Row(i), _strangeness);
    }

    public RowJudgement Take(long t, ReadOnlySpan<double> values, Span<double> contributions)
    {
        if (_lanes.Length == 1)
        {
            var only = _lanes[0].Take(t, values[0]);
            contributions[0] = only.Strangeness;
            return new RowJudgement(only.Score, only.Open);
        }

        double greatest = 0, sum = 0, rarest = 1;
        for (var i = 0; i < _lanes.Length; i++)
        {
            var judgement = _lanes[i].Take(t, values[i]);
            var rarity = -Math.Log10(judgement.P);
            contributions[i] = judgement.Strangeness;
            greatest = Math.Max(greatest, judgement.Strangeness);
            sum += rarity;
            rarest = Math.Min(rarest, judgement.P);
        }

        return new RowJudgement(greatest + (sum / _lanes.Length), _alarm.Take(rarest <= _opensAt));
    }
}
