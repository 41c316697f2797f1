using Forewarn.Analytics;
using Forewarn.Contracts;

namespace Forewarn.Models;

/// <summary>What to tell people about a decision: its kind, one sentence, and what contributes.</summary>
static class Findings
{
    public static Finding OfForest(long since, ScoreDecision decision, FeatureTick tick, SeriesSchema schema, Forecast? forecast)
    {
        var contributors = Contributors.Top(tick.Features, schema, out var off);
        return new Finding(DetectionKind.Joint, since, JointSentence.Of(contributors, off, decision.Tail, UsualHour.Of(tick, schema, contributors)), contributors, forecast);
    }

    public static Finding OfJoint(JointVoice voice, ScoreDecision decision, in JointEvidence joint, FeatureTick tick, SeriesSchema schema, Forecast? forecast)
    {
        var contributors = Contributors.Top(joint, tick.Features, schema, out var off);
        var summary = JointSentence.OfCompany(contributors, off, decision.Tail, UsualHour.Of(tick, schema, contributors));
        if (voice.FirstMover is { } first && first.Metric < joint.ColumnOfSlot.Length && joint.ColumnOfSlot[first.Metric] is >= 0 and var column
            && contributors.Count > 0 && schema.Columns[column].Id != contributors[0].Series)
            summary += $"; {SeriesName.Of(schema.Columns[column])} moved first";
        return new Finding(DetectionKind.Joint, voice.Since, summary, contributors, forecast);
    }

    public static Finding OfLanes(LaneVoice voice, in LaneDecision lanes, FeatureTick tick, SeriesSchema schema, Forecast? forecast)
    {
        var column = schema.Columns[lanes.Strangest];
        var contributor = OfColumn(lanes.Strangest, tick, schema);
        return new Finding(
            KindOf(lanes.Lane.Events), voice.Since,
            LaneSentence.Of(column, contributor, lanes.Lane.Events, lanes.Decision.Tail, UsualHour.Of(tick, lanes.Strangest)), [contributor], forecast);
    }

    public static Finding OfEvents(in EventDecision events, FeatureTick tick, SeriesSchema schema, Forecast? forecast)
    {
        var (column, watch) = (schema.Columns[events.Column], events.Watch!);
        var (baseline, scale) = watch.Usual;
        var z = tick.Features[(events.Column * FeatureSpec.Count) + FeatureSpec.Z];
        var contributor = Contributors.Of(column, new Contribution(events.Column, z, watch.Last, baseline, scale)) with
        {
            ZRank = Explainer.RankOf(tick.Features, events.Column, schema.Columns.Count),
        };
        return new Finding(KindOf(watch.Event), watch.Since, EventSentence.Of(column, watch, contributor, tick.T, events.Others), [contributor], forecast);
    }

    public static Finding OfBreach(BreachAlarm breach, FeatureTick tick, SeriesSchema schema)
    {
        var value = tick.Features[(breach.Column * FeatureSpec.Count) + FeatureSpec.Value];
        return new Finding(
            DetectionKind.PredictedBreach, breach.Since, BreachSentence.Of(schema.Columns[breach.Column], value, breach.Forecast),
            [OfColumn(breach.Column, tick, schema)], breach.Forecast)
        {
            Ongoing = !breach.Stands,
        };
    }

    static Contributor OfColumn(int column, FeatureTick tick, SeriesSchema schema)
    {
        var features = tick.Features.AsSpan(column * FeatureSpec.Count, FeatureSpec.Count);
        return Contributors.Of(schema.Columns[column], new Contribution(
            column, features[FeatureSpec.Z], features[FeatureSpec.Value], features[FeatureSpec.Baseline], features[FeatureSpec.Scale])) with
        {
            ZRank = Explainer.RankOf(tick.Features, column, schema.Columns.Count),
        };
    }

    static DetectionKind KindOf(MetricEvent happened) => happened switch
    {
        MetricEvent.Silence => DetectionKind.Silence,
        MetricEvent.DropToZero => DetectionKind.DropToZero,
        MetricEvent.Level => DetectionKind.Level,
        MetricEvent.Trend or MetricEvent.Ramp => DetectionKind.Trend,
        _ => DetectionKind.FlatLine,
    };

    // The most telling of what happens at once.
    static DetectionKind KindOf(LaneEvents events) => events switch
    {
        _ when events.HasFlag(LaneEvents.Level) => DetectionKind.Level,
        _ when events.HasFlag(LaneEvents.Spike) => DetectionKind.Spike,
        _ when events.HasFlag(LaneEvents.Variance) => DetectionKind.Variance,
        _ when events.HasFlag(LaneEvents.Trend) => DetectionKind.Trend,
        _ => DetectionKind.Joint,
    };
}
