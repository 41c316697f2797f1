using Forewarn.Contracts;

namespace Forewarn.StreamProcessor;

/// <summary>Makes detections of what rules find: of kind threshold, with the rule's severity, outside every budget.</summary>
static class ThresholdDetections
{
    /// <summary>Series named in one detection.</summary>
    const int MostContributors = 5;

    /// <param name="entity">On which.</param>
    /// <param name="finding">What holds.</param>
    /// <param name="received">When ingestion had the last sample of the tick, unix milliseconds.</param>
    /// <param name="now">Processing time, unix milliseconds.</param>
    public static Detection Of(string entity, ThresholdFinding finding, long received, long now) => new()
    {
        Id = Detection.IdOf(entity, DetectionKind.Threshold, finding.Rule.Cause, TickAssembler.GridMs, finding.T),
        Entity = entity,
        Kind = DetectionKind.Threshold,
        Cause = finding.Rule.Cause,
        T = finding.T,
        Since = finding.Watches.Min(watch => watch.State.Since ?? finding.T),
        CadenceMs = TickAssembler.GridMs,
        StepMs = finding.StepMs,
        Summary = ThresholdSentence.Of(finding),
        Severity = finding.Rule.Severity,
        Ongoing = !finding.Watches.Any(watch => watch.State.IsBeyond),
        Contributors = [.. finding.Watches.Take(MostContributors).Select(watch => Contributor(finding.Rule, watch))],
        Stamps = new Stamps { Received = received, Featured = now, Detected = now },
    };

    // A rule says where a limit is, not what is usual: the limit stands for both ends.
    static Contributor Contributor(ThresholdRule rule, SeriesWatch watch)
    {
        var limit = rule.Condition.Measure == Measure.Missing ? watch.Value : rule.Condition.Bound.Limit;
        return new Contributor
        {
            Series = watch.Column.Id,
            Name = watch.Column.Name,
            Unit = watch.Column.Unit,
            Labels = watch.Column.Labels,
            Value = watch.Value,
            Expected = limit,
            Low = limit,
            High = limit,
            Z = 0,
        };
    }
}
