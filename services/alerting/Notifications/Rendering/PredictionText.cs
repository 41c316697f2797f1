using System.Globalization;
using Forewarn.Contracts;

namespace Forewarn.Alerting.Notifications;

/// <summary>Says which limit was said to be hit, when, how sure that was, and what became of it.</summary>
static class PredictionText
{
    const double DayMs = 86_400_000;

    /// <summary><c>system.memory.utilization reaches 100 % at 14:36:10 UTC, in about 4 min (80 % sure between 14:35:02 UTC and 14:38:40 UTC); 93 % likely within the hour</c></summary>
    /// <param name="prediction">As kept with the incident.</param>
    /// <param name="now">Unix milliseconds.</param>
    public static string Of(BreachPrediction prediction, long now)
    {
        var limit = Quantity.Of(prediction.Limit, prediction.Name, prediction.Unit);
        return prediction.Outcome switch
        {
            PredictionOutcome.Confirmed => $"{prediction.Name} hit {limit} at {Moments.At(prediction.OutcomeAt ?? now, now)}, as said {Moments.Span((prediction.OutcomeAt ?? now) - prediction.SaidAt)} before",
            PredictionOutcome.Averted => $"{prediction.Name} did not reach {limit}: averted{(prediction.AvertedBy is { } by ? $" by {by}" : "")}",
            PredictionOutcome.Expired => $"{prediction.Name} did not reach {limit} by {Moments.At(prediction.LatestAt, now)}, and nobody had stepped in: this prediction was wrong",
            _ => Pending(prediction, limit, now),
        };
    }

    static string Pending(BreachPrediction prediction, string limit, long now)
    {
        var left = prediction.PredictedAt - now;
        var when = left > 0 ? $"reaches {limit} at {Moments.At(prediction.PredictedAt, now)}, in about {Moments.Span(left)}" : $"was said to reach {limit} at {Moments.At(prediction.PredictedAt, now)}";
        var between = prediction.LatestAt - prediction.SaidAt > DayMs
            ? $"80 % sure after {Moments.At(prediction.EarliestAt, now)}"
            : $"80 % sure between {Moments.At(prediction.EarliestAt, now)} and {Moments.At(prediction.LatestAt, now)}";
        return string.Create(CultureInfo.InvariantCulture, $"{prediction.Name} {when} ({between}); {100 * prediction.Probability:0} % likely within the hour");
    }
}
