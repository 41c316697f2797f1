using Forewarn.Contracts;

namespace Forewarn.Alerting.Silences;

/// <summary>What may be silenced.</summary>
public static class SilenceRules
{
    const int MostLabels = 16;
    const int MostWords = 32;
    const long YearMs = 366 * 86_400_000L;

    /// <summary>What is wrong with a request, by field; empty when nothing is.</summary>
    /// <param name="now">Unix milliseconds.</param>
    public static Dictionary<string, string[]> WhyNot(SilenceRequest request, long now)
    {
        ArgumentNullException.ThrowIfNull(request);
        var wrong = WhyNot(request.Match);
        var from = request.From ?? now;
        Add(wrong, "from", Math.Abs(from - now) > YearMs ? "must be unix milliseconds within a year of now." : null);
        Add(wrong, "to", WhyNotTo(from, request.To, now));
        Add(wrong, "reason", FeedbackRules.WhyNotText("reason", request.Reason, IncidentRules.MaxText, isNeeded: true));
        Add(wrong, "who", FeedbackRules.WhyNotText("who", request.Who, IncidentRules.MaxWho, isNeeded: true));
        return wrong;
    }

    /// <summary>What is wrong with what is matched, by field.</summary>
    public static Dictionary<string, string[]> WhyNot(AlertMatch? match)
    {
        var wrong = new Dictionary<string, string[]>(StringComparer.Ordinal);
        if (match is null)
        {
            Add(wrong, "match", "match is missing; {} means every incident.");
            return wrong;
        }
        Add(wrong, "match.entity", FeedbackRules.WhyNotText("match.entity", match.Entity, FeedbackRules.MaxEntity));
        Add(wrong, "match.labels", match.Labels.Count > MostLabels
            ? $"match.labels has {match.Labels.Count} labels; at most {MostLabels} can be matched."
            : match.Labels.Select(label => FeedbackRules.WhyNotText("a name in match.labels", label.Key, EntityCard.MaxText, isNeeded: true)
                ?? FeedbackRules.WhyNotText($"match.labels.{label.Key}", label.Value, EntityCard.MaxText, isNeeded: true)).FirstOrDefault(reason => reason is not null));
        Add(wrong, "match.severity", match.Severity.Count > MostWords ? $"match.severity names more than {MostWords}." : null);
        Add(wrong, "match.kind", match.Kind.Count > MostWords ? $"match.kind names more than {MostWords}." : null);
        return wrong;
    }

    static string? WhyNotTo(long from, long to, long now) =>
        to <= from ? "to must be later than from."
        : to <= now ? "to must lie ahead: what is over cannot be silenced. To leave a past time out of training, use /api/training/exclusions."
        : to - from > YearMs ? "to must be at most a year after from."
        : null;

    static void Add(Dictionary<string, string[]> wrong, string field, string? reason)
    {
        if (reason is not null)
            wrong[field] = [reason];
    }
}
