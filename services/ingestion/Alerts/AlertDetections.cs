using System.Text;
using Forewarn.Contracts;

namespace Forewarn.Ingestion;

/// <summary>What an alert of another system becomes, as a pure function; docs/alertmanager.md has the same as a table.</summary>
static class AlertDetections
{
    /// <summary>Longest sentence.</summary>
    public const int MaxSummary = 300;

    const int MaxName = 64;

    /// <summary>Longest address; longer ones are left out, as nothing of them would do.</summary>
    const int MaxUrl = 1_000;
    static readonly TimeSpan _longestHold = TimeSpan.FromDays(31);

    /// <summary>It is one that we told an Alertmanager, and comes back.</summary>
    public static bool IsOurs(SentAlert alert) => alert.Label(AlertNames.Source) == AlertNames.Us;

    /// <param name="alert">Of somebody else.</param>
    /// <param name="received">When it came, unix milliseconds.</param>
    /// <param name="options">Which label names the entity, and how long an alert without an end holds.</param>
    public static Detection Of(SentAlert alert, long received, AlertOptions options)
    {
        var (entity, _) = EntityTag.OfPrometheus([.. alert.Labels], options.EntityLabels.Count > 0 ? [.. options.EntityLabels] : null);
        entity = Tidy.Entity(entity);
        var cause = CauseOf(alert);
        var holdsUntil = HoldsUntil(alert, received, options);
        return new Detection
        {
            // An end told in the same millisecond is not the same word.
            Id = Detection.IdOf(entity, DetectionKind.External, holdsUntil > received ? cause : $"{cause} over", 0, received),
            Entity = entity,
            Kind = DetectionKind.External,
            Cause = cause,
            T = received,
            Since = Math.Min(alert.StartsAt ?? alert.EndsAt ?? received, received),
            CadenceMs = 0,
            HoldsUntil = holdsUntil,
            Summary = SummaryOf(alert),
            Severity = SeverityOf(alert.Label(AlertNames.Severity)),
            Labels = CardAttributes.Fitting(alert.Labels),
            Links = LinksOf(alert),
            Stamps = new Stamps { Received = received, Detected = received },
        };
    }

    /// <summary>Now for what is over; as long as the sender says, or as it is likely to be silent, for what is not.</summary>
    static long HoldsUntil(SentAlert alert, long received, AlertOptions options)
    {
        if (alert.IsFiring is { } isFiring)
            return isFiring ? received + Ms(TimeSpan.FromHours(options.WebhookHoldHours)) : received;
        return Math.Clamp(alert.EndsAt ?? received + Ms(TimeSpan.FromMinutes(options.WithoutEndMinutes)), received, received + Ms(_longestHold));
    }

    /// <summary>The name for people, and the labels' hash: an alert is its labels, whoever sends it.</summary>
    static string CauseOf(SentAlert alert)
    {
        var labels = new StringBuilder();
        foreach (var (key, value) in alert.Labels)
            labels.Append(key).Append('\0').Append(value).Append('\0');
        var hash = ContentHash.Of(labels.ToString());
        return alert.Label(AlertNames.Label) is { } name ? $"alert:{Tidy.Name(name, MaxName)}:{hash}" : $"alert:{hash}";
    }

    static IncidentSeverity SeverityOf(string? severity) => severity?.ToUpperInvariant() switch
    {
        "CRITICAL" or "PAGE" => IncidentSeverity.Critical,
        "INFO" or "NONE" => IncidentSeverity.Info,
        _ => IncidentSeverity.Warning,
    };

    static string SummaryOf(SentAlert alert)
    {
        foreach (var name in new[] { "summary", "description", "message" })
        {
            if (alert.Annotations.TryGetValue(name, out var text) && Line(text) is { Length: > 0 } line)
                return line;
        }
        var labels = string.Join(", ", alert.Labels.Where(label => label.Key is not (AlertNames.Label or AlertNames.Severity)).Select(label => $"{label.Key}={label.Value}"));
        return Line(alert.Label(AlertNames.Label) is not { } alertName ? labels : labels.Length == 0 ? alertName : $"{alertName}: {labels}");
    }

    static Dictionary<string, string> LinksOf(SentAlert alert)
    {
        var links = new Dictionary<string, string>(StringComparer.Ordinal);
        Add("runbook", alert.Annotations.GetValueOrDefault("runbook_url") ?? alert.Annotations.GetValueOrDefault("runbook"));
        Add("dashboard", alert.Annotations.GetValueOrDefault("dashboard_url"));
        Add("source", alert.GeneratorUrl);
        return links;

        void Add(string name, string? url)
        {
            if (url is { Length: > 0 and <= MaxUrl } && Uri.TryCreate(url, UriKind.Absolute, out var address) && address.Scheme is "http" or "https")
                links[name] = address.AbsoluteUri;
        }
    }

    /// <summary>One line that hides nothing: annotations are templates that hold whatever their labels hold.</summary>
    static string Line(string text)
    {
        var line = new StringBuilder(Math.Min(text.Length, MaxSummary));
        foreach (var rune in text.EnumerateRunes())
        {
            var isBlank = Rune.IsWhiteSpace(rune) || Names.WhyNotLabelValue(rune.ToString()) is not null;
            if (isBlank && (line.Length == 0 || line[^1] == ' '))
                continue;
            if (line.Length + rune.Utf16SequenceLength > MaxSummary - 1)
                return line.Append('…').ToString();
            line.Append(isBlank ? " " : rune.ToString());
        }
        return line.ToString().TrimEnd();
    }

    static long Ms(TimeSpan span) => (long)span.TotalMilliseconds;
}
