using Forewarn.Analytics;

namespace Forewarn.Trainer;

/// <summary>What a detector made of one stream, behind the probation.</summary>
/// <param name="Series">Scores, labels and alarms.</param>
/// <param name="Ranks">Null when the stream has no event.</param>
/// <param name="VusPr">NaN when the stream has no event.</param>
/// <param name="Events">What the alarms found and cost.</param>
/// <param name="Nab">The whole stream by NAB's rules; null for other sets.</param>
/// <param name="NabOwn">The same of the detector's own openings.</param>
/// <param name="Blame">Whom the detector blames, where causes are known.</param>
sealed record StreamOutcome(EventSeries Series, RankMetrics? Ranks, double VusPr, EventMetrics Events, NabSeries? Nab, NabSeries? NabOwn, Blame Blame)
{
    /// <summary>Streams a detector through a stream. Nothing of the labels reaches it.</summary>
    /// <exception cref="EvaluationException">The detector gives a score that is no number.</exception>
    public static StreamOutcome Of(EvaluatedKind kind, LabelledStream stream, bool isNab, CancellationToken cancellationToken)
    {
        var test = stream.Test;
        var (scores, alarms) = (new double[test.Count], new bool[test.Count]);
        var (contributions, blame) = (new double[test.Columns], new Blame(stream.Causes));
        var detector = kind.Create(new StreamShape(test.Columns, stream.CadenceMs, stream.Probation));
        try
        {
            detector.Fit(stream.Training);
            for (var i = 0; i < test.Count; i++)
            {
                if (i % 1024 == 0)
                    cancellationToken.ThrowIfCancellationRequested();
                (scores[i], alarms[i]) = detector.Take(test.Times[i], test.Row(i), blame.Asks(i) ? contributions : []);
                if (!double.IsFinite(scores[i]))
                    throw new EvaluationException($"{kind.Name} scores row {i} of {stream.Name} with {scores[i]}: a score is a finite number. That is a fault of the detector: report it.");
                blame.Take(i, scores[i], contributions);
            }
        }
        finally
        {
            (detector as IDisposable)?.Dispose();
        }
        return Judge(stream, scores, alarms, isNab, blame);
    }

    static StreamOutcome Judge(LabelledStream stream, double[] scores, bool[] alarms, bool isNab, Blame blame)
    {
        var series = new EventSeries(scores[stream.Probation..], stream.Labels[stream.Probation..], alarms[stream.Probation..]);
        return new StreamOutcome(
            series,
            RankMetrics.Of(series.Scores, series.Labels),
            VusPrOf(series),
            EventMetrics.Of(series.Alarms, series.Labels),
            isNab ? new NabSeries(scores, LabelledRanges.Of(stream.Labels)) : null,
            isNab ? new NabSeries(Openings(alarms), LabelledRanges.Of(stream.Labels)) : null,
            blame);
    }

    static double VusPrOf(EventSeries series) => Analytics.VusPr.Of(series.Scores, series.Labels);

    static double[] Openings(bool[] alarms) => [.. alarms.Select((alarm, i) => alarm && (i == 0 || !alarms[i - 1]) ? 1.0 : 0)];
}
