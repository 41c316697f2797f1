using System.Text;
using Forewarn.Contracts;

namespace Forewarn.Alerting.Notifications;

/// <summary>
/// A notification for a terminal: one line whose first word says what happened, so that whoever reads the stream can colour it, and
/// details in lines that begin with <see cref="Detail"/>.
/// </summary>
static class ConsoleText
{
    public const string Detail = "  · ";

    public static string Of(Notification notification, string publicUrl)
    {
        var explanation = Explanation.Of(notification, publicUrl);
        var text = new StringBuilder(Line(notification, explanation));
        foreach (var detail in Details(notification, explanation))
            text.Append('\n').Append(Detail).Append(OneLine(detail));
        return text.ToString();
    }

    static string Line(Notification notification, Explanation explanation)
    {
        var incident = notification.Incident;
        var alert = $"ALERT {incident.Severity.ToString().ToLowerInvariant()} {incident.Entity}";
        var line = notification.Kind switch
        {
            NotificationKind.Resolved => $"RESOLVED {incident.Entity}: after {Moments.Span((incident.ResolvedAt ?? notification.At) - incident.StartedAt)}, {explanation.Sentence}",
            NotificationKind.Settled when incident.Prediction?.Outcome is PredictionOutcome.Averted or PredictionOutcome.Expired => $"SETTLED {incident.Entity}: {explanation.Prediction}",
            NotificationKind.Settled when explanation.Prediction is { } prediction => $"{alert}: {prediction}",
            NotificationKind.Worsened => $"{alert}: worse than before, {explanation.Sentence}",
            NotificationKind.Escalated => $"{alert}: nobody has acknowledged it for {Moments.Span(notification.At - incident.OpenedAt)}, {explanation.Sentence}",
            _ => $"{alert}: {explanation.Sentence}",
        };
        return $"{OneLine(line)} [{incident.Id}]";
    }

    static IEnumerable<string> Details(Notification notification, Explanation explanation)
    {
        var isAlert = notification.Kind is not (NotificationKind.Resolved or NotificationKind.Settled);
        // The first is in the sentence already.
        foreach (var series in explanation.Series.Skip(1).Where(_ => isAlert))
            yield return $"{series.Name} {series.Value}, normally {series.Normal}";
        if (explanation.FirstMover is { } first)
            yield return $"moved first: {first}";
        foreach (var follower in explanation.Followers.Where(_ => isAlert))
            yield return follower;
        if (isAlert && explanation.Prediction is { } prediction)
            yield return prediction;
        foreach (var link in explanation.Links.Where(_ => isAlert))
            yield return $"{link.Name}: {link.Url}";
        yield return $"since {explanation.Since}: {explanation.ChartUrl} ({notification.Id})";
    }

    /// <summary>Names come from outside: a line break in one would forge a line, and an escape would colour or move the terminal.</summary>
    static string OneLine(string text) => text.AsSpan().IndexOfAnyInRange('\0', '\x1f') < 0
        ? text
        : new string([.. text.Select(c => char.IsControl(c) ? ' ' : c)]);
}
