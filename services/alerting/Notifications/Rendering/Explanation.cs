using Forewarn.Contracts;

namespace Forewarn.Alerting.Notifications;

/// <summary>What a notification says, in words that every channel uses.</summary>
public sealed record Explanation
{
    /// <summary>What happened, in a word or two: <c>critical</c>, <c>resolved after 4 min</c>.</summary>
    public required string State { get; init; }

    /// <summary>One sentence: what, its value, what is normal at this hour, how rare.</summary>
    public required string Sentence { get; init; }

    /// <summary>How rare alone; null where it was not measured.</summary>
    public string? Rarity { get; init; }

    /// <summary>What makes it strange, strongest first, at most <see cref="MostSeries"/>.</summary>
    public required IReadOnlyList<ExplainedSeries> Series { get; init; }

    /// <summary>Who moved first; null while it is alone.</summary>
    public string? FirstMover { get; init; }

    /// <summary>What followed, in its order, at most <see cref="MostFollowers"/> and then how many more.</summary>
    public required IReadOnlyList<string> Followers { get; init; }

    /// <summary>The limit ahead and what became of it; null where none was predicted.</summary>
    public string? Prediction { get; init; }

    /// <summary>Where the sender of an external alert says more.</summary>
    public IReadOnlyList<ExplainedLink> Links { get; init; } = [];

    /// <summary>When it began.</summary>
    public required string Since { get; init; }

    /// <summary>The live chart at the second at which it began.</summary>
    public required string ChartUrl { get; init; }

    public required string IncidentUrl { get; init; }

    public const int MostSeries = 5;
    public const int MostFollowers = 5;

    /// <param name="notification">What is told.</param>
    /// <param name="publicUrl">Of the dashboard, without a slash at its end.</param>
    public static Explanation Of(Notification notification, string publicUrl)
    {
        var incident = notification.Incident;
        var rarity = Notifications.Rarity.Of(incident.P, incident.Extrapolated);
        return new Explanation
        {
            State = StateOf(notification),
            Sentence = SentenceOf(incident.Summary, rarity),
            Rarity = rarity,
            Series = [.. incident.Contributors.Take(MostSeries).Select(ExplainedSeries.Of)],
            FirstMover = incident.ProbableCause,
            Followers = FollowersOf(incident),
            Prediction = incident.Prediction is { } prediction ? PredictionText.Of(prediction, notification.At) : null,
            Links = [.. incident.Links.Where(link => ExplainedLink.IsOfTheWeb(link.Value)).Select(link => new ExplainedLink(link.Key, link.Value)).OrderBy(link => link.Name, StringComparer.Ordinal)],
            Since = Moments.At(incident.StartedAt, notification.At),
            ChartUrl = FormattableString.Invariant($"{publicUrl}/?entity={Uri.EscapeDataString(incident.Entity)}&at={incident.StartedAt}"),
            IncidentUrl = $"{publicUrl}/incidents/{Uri.EscapeDataString(incident.Id)}",
        };
    }

    static string StateOf(Notification notification)
    {
        var incident = notification.Incident;
        var severity = incident.Severity.ToString().ToLowerInvariant();
        return notification.Kind switch
        {
            NotificationKind.Resolved => $"resolved after {Moments.Span((incident.ResolvedAt ?? notification.At) - incident.StartedAt)}",
            NotificationKind.Worsened => $"{severity}, worse than before",
            NotificationKind.Escalated => $"{severity}, nobody has acknowledged it for {Moments.Span(notification.At - incident.OpenedAt)}",
            NotificationKind.Settled => incident.Prediction?.Outcome switch
            {
                PredictionOutcome.Confirmed => $"{severity}, as predicted",
                PredictionOutcome.Averted => "averted",
                PredictionOutcome.Expired => "prediction expired",
                _ => severity,
            },
            _ => incident.Status switch
            {
                IncidentStatus.Resolved => $"{severity}, over after {Moments.Span((incident.ResolvedAt ?? notification.At) - incident.StartedAt)}",
                IncidentStatus.Acknowledged => $"{severity}, acknowledged",
                _ => severity,
            },
        };
    }

    /// <summary>Predictors say how rare it is within their sentence; others do not.</summary>
    static string SentenceOf(string summary, string? rarity)
    {
        var sentence = summary.TrimEnd('.', ' ');
        return rarity is null || sentence.Contains("1 in ", StringComparison.Ordinal) ? sentence : $"{sentence}; {rarity}";
    }

    static List<string> FollowersOf(IncidentEvent incident)
    {
        var followers = incident.Symptoms.Take(MostFollowers)
            .Select(symptom => $"{symptom.Entity}: {symptom.Summary} (after {Moments.Span(symptom.Since - incident.StartedAt)})").ToList();
        var more = Math.Max(incident.SymptomCount, incident.Symptoms.Count) - followers.Count;
        if (more > 0)
            followers.Add(FormattableString.Invariant($"and {more:#,0} more"));
        return followers;
    }
}

/// <summary>A link that came with an alert.</summary>
/// <param name="Name"><c>runbook</c>.</param>
/// <param name="Url">Of http or https.</param>
public sealed record ExplainedLink(string Name, string Url)
{
    public string Label => $"Open the {Name}";

    /// <summary>Whatever else an address may do when somebody follows it, it is not offered.</summary>
    public static bool IsOfTheWeb(string url) => Uri.TryCreate(url, UriKind.Absolute, out var address) && address.Scheme is "http" or "https";
}

/// <summary>A series that contributes.</summary>
/// <param name="Name">With the values of its labels.</param>
/// <param name="Value">In the unit people read it in.</param>
/// <param name="Normal">The range that is normal at this hour.</param>
/// <param name="IsOutside">Whether the value lies outside of it.</param>
public sealed record ExplainedSeries(string Name, string Value, string Normal, bool IsOutside)
{
    public static ExplainedSeries Of(Contributor contributor) => new(
        SeriesName.Of(contributor.Name, contributor.Labels),
        Quantity.Of(contributor.Value, contributor.Name, contributor.Unit),
        Quantity.Range(contributor.Low, contributor.High, contributor.Name, contributor.Unit),
        contributor.Value < contributor.Low || contributor.Value > contributor.High);
}
