using Forewarn.Contracts;

namespace Forewarn.Alerting.Notifications;

/// <summary>
/// Colours of a mail. The light ones stand in each element, where every client reads them; the dark ones in one style sheet, which
/// those read that have a dark mode. Each pair has a contrast of at least 4.5 to 1 on its ground.
/// </summary>
static class EmailPalette
{
    public const string Text = "#1d2939";
    public const string Quiet = "#5d6b82";
    public const string Line = "#e4e7ec";
    public const string Card = "#ffffff";
    public const string Ground = "#f2f4f7";
    public const string Link = "#175cd3";
    public const string Bar = "#84adff";

    public const string DarkSheet = """
        @media (prefers-color-scheme: dark) {
        .ground { background: #0f1419 !important; }
        .card { background: #1b222c !important; border-left-color: #313b49 !important; border-right-color: #313b49 !important; border-bottom-color: #313b49 !important; }
        .text { color: #e6eaf0 !important; }
        .quiet { color: #a3b0c2 !important; }
        .line { border-color: #313b49 !important; }
        .link { color: #84b6ff !important; }
        .second { border-color: #48566a !important; }
        }
        """;

    /// <summary>Ground of the state and of the first button; white on it is readable in both modes.</summary>
    public static string Of(Notification notification)
    {
        var incident = notification.Incident;
        if (notification.Kind == NotificationKind.Resolved || incident.Status == IncidentStatus.Resolved
            || (notification.Kind == NotificationKind.Settled && incident.Prediction?.Outcome is PredictionOutcome.Averted or PredictionOutcome.Expired))
            return "#067647";
        return incident.Severity switch
        {
            IncidentSeverity.Critical => "#b42318",
            IncidentSeverity.Warning => "#b54708",
            _ => "#175cd3",
        };
    }
}
