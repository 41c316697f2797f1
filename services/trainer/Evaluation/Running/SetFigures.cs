using Forewarn.Analytics;

namespace Forewarn.Trainer;

/// <summary>All figures of one detector on one set, with their intervals.</summary>
sealed class SetFigures
{
    const double StrictBudget = 0.3;
    const double LooseBudget = 1.0;

    readonly LabelledSet _set;
    readonly IReadOnlyList<StreamOutcome> _outcomes;
    readonly EventMetrics[] _events;
    readonly int[] _once;

    public SetFigures(LabelledSet set, IReadOnlyList<StreamOutcome> outcomes)
    {
        _set = set;
        _outcomes = outcomes;
        _events = [.. outcomes.Select(outcome => outcome.Events)];
        _once = new int[outcomes.Count];
        Array.Fill(_once, 1);
    }

    public DetectorReport Report(string detector, Cost cost)
    {
        var sweep = new EventSweep([.. _outcomes.Select(outcome => outcome.Series)]);
        var causes = _outcomes.Sum(outcome => outcome.Blame.Events);
        return new DetectorReport
        {
            Detector = detector,
            RocAuc = Mean(outcome => outcome.Ranks?.RocAuc),
            AveragePrecision = Mean(outcome => outcome.Ranks?.AveragePrecision),
            VusPr = Mean(outcome => outcome.VusPr),
            BestF1 = Mean(outcome => outcome.Ranks?.BestF1),
            RecallAt03 = FigureOf(weights => sweep.At(StrictBudget, weights).Recall),
            RecallAt10 = FigureOf(weights => sweep.At(LooseBudget, weights).Recall),
            OwnAlarms = OwnAlarms(),
            AttributionTop1 = causes == 0 ? null : (double)_outcomes.Sum(outcome => outcome.Blame.Right) / causes,
            AttributionNote = causes == 0 ? "no ground truth" : null,
            MicrosecondsPerPoint = cost.MicrosecondsPerPoint,
            BytesPerSeries = cost.BytesPerSeries,
            Nab = _set.IsNab ? Nab() : null,
        };
    }

    OwnAlarms OwnAlarms()
    {
        var all = EventMetrics.Sum(_events, _once);
        return new OwnAlarms
        {
            Recall = FigureOf(weights => EventMetrics.Sum(_events, weights).Recall),
            EpisodesPerThousand = FigureOf(weights => EventMetrics.Sum(_events, weights).EpisodesPerThousand),
            OpeningsPerThousand = Finite(all.OpeningsPerThousand),
            FalseEpisodes = all.FalseEpisodes,
            MedianDelayPoints = Median(events => events.Delays, _ => 1),
            MedianDelayMinutes = Median(events => events.Delays, Minutes),
            Led = all.Events == 0 ? null : (double)all.Leads.Count / all.Events,
            MedianLeadPoints = Median(events => events.Leads, _ => 1),
            MedianLeadMinutes = Median(events => events.Leads, Minutes),
        };
    }

    NabReport[] Nab()
    {
        NabSeries[] series = [.. _outcomes.Select(outcome => outcome.Nab!)];
        var (every, once) = (new NabSweep(series), new NabRefractory(series));
        var own = new NabSweep([.. _outcomes.Select(outcome => outcome.NabOwn!)]);
        bool[] isSecond = [.. _set.Streams.Select(stream => NabLayout.IsSecondPart(stream.Name))];
        return
        [
            .. NabProfile.All.Select(profile => new NabReport(
                profile.Name,
                FigureOf(weights => every.Best(profile, weights).Score),
                FigureOf(weights => every.Nested(profile, isSecond, weights)),
                FigureOf(weights => once.Best(profile, weights).Score),
                FigureOf(weights => once.Nested(profile, isSecond, weights)),
                FigureOf(weights => own.At(1, profile, weights)))),
        ];
    }

    Figure Mean(Func<StreamOutcome, double?> of)
    {
        double[] values = [.. _outcomes.Select(outcome => of(outcome) ?? double.NaN)];
        return FigureOf(weights => Bootstrap.Mean(values, weights));
    }

    Figure FigureOf(WeightedFigure figure)
    {
        var interval = Bootstrap.Interval95(_outcomes.Count, figure);
        return new Figure(Finite(figure(_once)), Finite(interval.Low), Finite(interval.High));
    }

    double? Median(Func<EventMetrics, IReadOnlyList<int>> of, Func<LabelledStream, double> scale)
    {
        var values = _set.Streams.Zip(_events, (stream, events) => of(events).Select(points => points * scale(stream))).SelectMany(all => all);
        return Finite(Quantiles.Of(values, 0.5));
    }

    static double Minutes(LabelledStream stream) => stream.CadenceMs / 60_000.0;

    static double? Finite(double value) => double.IsFinite(value) ? value : null;
}
