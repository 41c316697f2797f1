using System.Globalization;
using Forewarn.Contracts;

namespace Forewarn.Alerting.Incidents;

/// <summary>
/// What becomes of a prediction, as pure functions: pending → confirmed when the limit is hit; averted when it is not and
/// somebody or something stepped in before the predicted time; expired, that is wrong, when nobody did.
/// </summary>
static class PredictionLife
{
    /// <summary>A detection about a limit ahead begins a prediction, settles one or changes nothing.</summary>
    public static IncidentEvent Observe(IncidentEvent incident, Detection detection, Intervention? intervention, long now)
    {
        if (detection is not { Kind: DetectionKind.PredictedBreach, Forecast: { } forecast })
            return incident;
        if (incident.Prediction is not { Outcome: PredictionOutcome.Pending } prediction)
            return forecast.Course == ForecastCourse.Ahead ? Begin(incident, detection, forecast, now) : incident;
        if (forecast.Series != prediction.Series)
            return incident;
        return forecast.Course switch
        {
            ForecastCourse.Reached => Settle(incident, prediction with { Outcome = PredictionOutcome.Confirmed, OutcomeAt = detection.T }, now),
            ForecastCourse.Reset when detection.T <= prediction.LatestAt => Settle(
                incident, prediction with { Outcome = PredictionOutcome.Averted, OutcomeAt = detection.T, AvertedBy = intervention?.What ?? "a reset of the series" }, now),
            _ => incident,
        };
    }

    /// <summary>The time has passed in which it was to happen: averted when somebody had stepped in before, else wrong.</summary>
    public static IncidentEvent Elapse(IncidentEvent incident, Intervention? intervention, long now) =>
        incident.Prediction is { Outcome: PredictionOutcome.Pending } prediction && now > prediction.LatestAt
            ? GiveUp(incident, prediction, intervention, now)
            : incident;

    /// <summary>Another occurrence begins: what is not settled by now will not be.</summary>
    public static IncidentEvent Abandon(IncidentEvent incident, Intervention? intervention, long now) =>
        incident.Prediction is { Outcome: PredictionOutcome.Pending } prediction ? GiveUp(incident, prediction, intervention, now) : incident;

    /// <summary>What somebody did counts if it was done before the limit was to be hit.</summary>
    public static Intervention? Intervene(IncidentEvent incident, Intervention? before, string what, long at) =>
        before is null && incident.Prediction is { Outcome: PredictionOutcome.Pending } prediction && at <= prediction.PredictedAt ? new Intervention(at, what) : before;

    static IncidentEvent Begin(IncidentEvent incident, Detection detection, Forecast forecast, long now)
    {
        var contributor = detection.Contributors.FirstOrDefault(each => each.Series == forecast.Series);
        var prediction = new BreachPrediction
        {
            Series = forecast.Series,
            Name = contributor?.Name ?? forecast.Series,
            Unit = contributor?.Unit ?? "1",
            Limit = forecast.Limit,
            SaidAt = now,
            PredictedAt = After(detection.T, forecast.MedianSeconds),
            EarliestAt = After(detection.T, forecast.LowSeconds),
            LatestAt = After(detection.T, Math.Max(forecast.HighSeconds, forecast.MedianSeconds)),
            Probability = Math.Clamp(forecast.P60m, 0, 1),
            Outcome = PredictionOutcome.Pending,
        };
        return (incident with { Prediction = prediction }).Note(now, TimelineKind.Predicted, detection.Summary);
    }

    static IncidentEvent GiveUp(IncidentEvent incident, BreachPrediction prediction, Intervention? intervention, long now) => Settle(
        incident,
        intervention is { } done
            ? prediction with { Outcome = PredictionOutcome.Averted, OutcomeAt = now, AvertedBy = done.What }
            : prediction with { Outcome = PredictionOutcome.Expired, OutcomeAt = now },
        now);

    static IncidentEvent Settle(IncidentEvent incident, BreachPrediction settled, long now)
    {
        var (what, text) = settled.Outcome switch
        {
            PredictionOutcome.Confirmed => (TimelineKind.Confirmed, Text($"{settled.Name} hit its limit, {Lead(settled)} after it was said")),
            PredictionOutcome.Averted => (TimelineKind.Averted, Text($"{settled.Name} did not hit its limit: {settled.AvertedBy}")),
            _ => (TimelineKind.Expired, Text($"{settled.Name} did not hit its limit in the time that was said; nobody had stepped in")),
        };
        return (incident with { Prediction = settled }).Note(now, what, text);
    }

    static string Lead(BreachPrediction settled)
    {
        var seconds = Math.Max(0, (settled.OutcomeAt!.Value - settled.SaidAt) / 1000.0);
        return seconds < 120 ? Text($"{seconds:0} s") : Text($"{seconds / 60:0} min");
    }

    static long After(long t, double seconds) => t + (long)(seconds * 1000);

    static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
