namespace Forewarn.Ingestion;

/// <summary>The checks of one entity. Only for the holder of its lane.</summary>
/// <param name="maxSeries">Series of the entity at most.</param>
sealed class QualityWatch(int maxSeries)
{
    readonly ClockCheck _clock = new();
    readonly CounterCheck _counter = new();
    readonly OrderCheck _order = new();
    readonly RangeCheck _range = new();
    readonly UnitCheck _unit = new(maxSeries);

    /// <summary>Looks at what the broker has just taken.</summary>
    /// <param name="submission">As it was sent.</param>
    /// <param name="falls">Counters that fell in it: column and event time.</param>
    /// <param name="received">Unix milliseconds.</param>
    public IEnumerable<Finding> Look(Submission submission, IEnumerable<CounterFall> falls, long received)
    {
        if (submission.Rows.Count == 0)
            yield break;
        var newest = submission.Rows[^1].T;
        foreach (var fall in falls)
            _counter.Take(submission.Schema.Columns[fall.Column].Canonical(), fall.T);
        foreach (var (check, summary) in new[]
        {
            (QualityChecks.Clock, _clock.Look(newest, received)),
            (QualityChecks.Counter, _counter.Look(newest)),
            (QualityChecks.Order, _order.Look(submission)),
            (QualityChecks.Range, _range.Look(submission)),
            (QualityChecks.Unit, _unit.Look(submission.Schema, received)),
        })
        {
            if (summary is not null)
                yield return new Finding(submission.Entity, check, summary);
        }
    }
}
