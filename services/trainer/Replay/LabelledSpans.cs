using System.Globalization;
using Forewarn.Contracts;
using Forewarn.Models;

namespace Forewarn.Trainer;

/// <summary>A time of which somebody said what it was.</summary>
/// <param name="Id">Of the feedback.</param>
/// <param name="Kind">What was said.</param>
/// <param name="Entity">Where.</param>
/// <param name="From">Event time, unix milliseconds.</param>
/// <param name="To">Its end; at most <see cref="LabelledSpans.LongestMs"/> later.</param>
readonly record struct LabelledSpan(string Id, FeedbackKind Kind, string Entity, long From, long To);

/// <summary>Which times models are compared on.</summary>
static class LabelledSpans
{
    /// <summary>What is not told within an hour is not told in time; it also bounds the replay.</summary>
    public const long LongestMs = 3_600_000;

    /// <summary>The newest words about decisions of a model, and about what was missed; forecasts and silences are the same with every model.</summary>
    /// <param name="feedback">Newest first.</param>
    /// <param name="most">At most so many.</param>
    public static IReadOnlyList<FeedbackEvent> Choose(IReadOnlyList<FeedbackEvent> feedback, int most) =>
        [.. feedback.Where(word => word.Kind == FeedbackKind.Missed || word.Detection == DetectionKind.Joint).Take(most)];

    /// <summary>Identity of what a comparison rests on: with other words or another budget it is made anew.</summary>
    public static string IdentityOf(IReadOnlyList<FeedbackEvent> chosen, DetectorOptions detection) =>
        ContentHash.Of(string.Create(
            CultureInfo.InvariantCulture,
            $"{detection.FalseAlarmsPerWeek} {detection.Threshold}\n{string.Join('\n', chosen.Select(word => $"{word.Id} {word.Kind} {word.At}").Order(StringComparer.Ordinal))}"));

    /// <param name="word">What was said.</param>
    /// <param name="end">When its incident was over, if it went on when it was judged.</param>
    public static LabelledSpan Of(FeedbackEvent word, long? end)
    {
        var to = Math.Max(word.From, word.To ?? end ?? word.At);
        return new LabelledSpan(word.Id, word.Kind, word.Entity, word.From, Math.Min(to, word.From + LongestMs));
    }

    /// <summary>Sums up what each model told of each span.</summary>
    public static IncidentReplay Sum(string labels, long at, IReadOnlyList<ReplayedSpan> spans, int unread)
    {
        var incidents = spans.Where(span => span.Kind != FeedbackKind.FalseAlarm).ToArray();
        var falseAlarms = spans.Where(span => span.Kind == FeedbackKind.FalseAlarm).ToArray();
        return new IncidentReplay
        {
            Labels = labels,
            At = at,
            Incidents = incidents.Length,
            ChampionFound = incidents.Count(span => span.ChampionAfterSeconds is not null),
            ChallengerFound = incidents.Count(span => span.ChallengerAfterSeconds is not null),
            FalseAlarms = falseAlarms.Length,
            ChampionRepeated = falseAlarms.Count(span => span.ChampionAfterSeconds is not null),
            ChallengerRepeated = falseAlarms.Count(span => span.ChallengerAfterSeconds is not null),
            Unread = unread,
            Spans = spans,
        };
    }
}
