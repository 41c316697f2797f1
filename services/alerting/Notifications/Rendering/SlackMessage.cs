using System.Text.Json.Nodes;
using Forewarn.Alerting.Actions;
using Forewarn.Contracts;

namespace Forewarn.Alerting.Notifications;

/// <summary>A notification in Slack's Block Kit. Text from outside is escaped, and cut where Slack would refuse the whole message.</summary>
static class SlackMessage
{
    public const int MostSectionText = 3000;
    const int MostHeaderText = 150;
    const int MostFieldText = 2000;
    const int MostFields = 10;

    /// <summary>Slack refuses a button whose address is longer.</summary>
    const int MostUrl = 3000;

    /// <param name="notification">What is told.</param>
    /// <param name="explanation">In words.</param>
    /// <param name="trend">Null = none.</param>
    /// <param name="actions">Buttons, before the one that opens the chart.</param>
    /// <returns><c>text</c>, what shows where blocks do not, and <c>blocks</c>.</returns>
    public static JsonObject Of(Notification notification, Explanation explanation, Trend? trend, IReadOnlyList<ActionLink> actions)
    {
        var title = $"{Mark(notification)} {notification.Incident.Entity}: {explanation.State}";
        var blocks = new JsonArray
        {
            new JsonObject { ["type"] = "header", ["text"] = Plain(Cut(title, MostHeaderText)) },
            Section($"*{Escape(explanation.Sentence)}*"),
        };
        if (explanation.Series.Count > 1)
            blocks.Add(Fields(explanation.Series));
        foreach (var paragraph in Paragraphs(explanation))
            blocks.Add(Section(paragraph));
        if (trend is not null)
            blocks.Add(Section($"`{trend.ToBlocks()}`\n{Escape(trend.Caption)}"));
        blocks.Add(new JsonObject { ["type"] = "actions", ["elements"] = Buttons(explanation, actions) });
        blocks.Add(new JsonObject
        {
            ["type"] = "context",
            ["elements"] = new JsonArray(Markdown(
                $"since {explanation.Since} · <{explanation.IncidentUrl}|incident {Escape(notification.Incident.Id)}> · {notification.Id}", MostFieldText)),
        });
        return new JsonObject { ["text"] = Cut(Escape($"{title}: {explanation.Sentence}"), MostSectionText), ["blocks"] = blocks };
    }

    /// <summary>Slack's three: without them a name could mention a whole workspace or hide where a link leads.</summary>
    public static string Escape(string text) => text
        .Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal);

    static string Mark(Notification notification) => notification.Kind switch
    {
        NotificationKind.Resolved => ":white_check_mark:",
        NotificationKind.Settled when notification.Incident.Prediction?.Outcome is PredictionOutcome.Averted or PredictionOutcome.Expired => ":white_check_mark:",
        _ when notification.Incident.Status == IncidentStatus.Resolved => ":white_check_mark:",
        _ => notification.Incident.Severity switch
        {
            IncidentSeverity.Critical => ":red_circle:",
            IncidentSeverity.Warning => ":large_orange_circle:",
            _ => ":large_blue_circle:",
        },
    };

    static IEnumerable<string> Paragraphs(Explanation explanation)
    {
        if (explanation.Prediction is { } prediction)
            yield return $"*Prediction:* {Escape(prediction)}";
        if (explanation.FirstMover is { } first)
            yield return $"*Moved first:* {Escape(first)}";
        if (explanation.Followers.Count > 0)
            yield return "*Then:*\n" + string.Join('\n', explanation.Followers.Select(follower => $"• {Escape(follower)}"));
    }

    static JsonObject Fields(IReadOnlyList<ExplainedSeries> series) => new()
    {
        ["type"] = "section",
        ["fields"] = new JsonArray([.. series.Take(MostFields).Select(one => Markdown(
            $"{Escape(one.Name)}\n*{Escape(one.Value)}*, normally {Escape(one.Normal)}", MostFieldText))]),
    };

    static JsonArray Buttons(Explanation explanation, IReadOnlyList<ActionLink> actions) =>
    [
        .. actions.Where(action => action.Url.Length <= MostUrl).Select(action => Button(action.Label, action.Url, action.Action.ToString(), action.Action == LinkAction.Acknowledge)),
        .. explanation.Links.Where(link => link.Url.Length <= MostUrl).Select(link => Button(link.Label, link.Url, $"Link-{link.Name}", isPrimary: false)),
        .. explanation.ChartUrl.Length <= MostUrl ? [Button("Open the chart", explanation.ChartUrl, "Chart", isPrimary: false)] : Array.Empty<JsonNode>(),
    ];

    static JsonObject Button(string label, string url, string id, bool isPrimary)
    {
        var button = new JsonObject { ["type"] = "button", ["text"] = Plain(label), ["url"] = url, ["action_id"] = id };
        if (isPrimary)
            button["style"] = "primary";
        return button;
    }

    static JsonObject Section(string markdown) => new() { ["type"] = "section", ["text"] = Markdown(markdown, MostSectionText) };

    static JsonObject Markdown(string text, int most) => new() { ["type"] = "mrkdwn", ["text"] = Cut(text, most) };

    static JsonObject Plain(string text) => new() { ["type"] = "plain_text", ["text"] = text, ["emoji"] = true };

    /// <summary>Not within a surrogate pair or an escape, which would show as its remains.</summary>
    static string Cut(string text, int most)
    {
        if (text.Length <= most)
            return text;
        var end = most - 1;
        if (char.IsHighSurrogate(text[end - 1]))
            end--;
        if (text.LastIndexOf('&', end - 1, Math.Min(5, end)) is >= 0 and var escape && text.IndexOf(';', escape) >= end)
            end = escape;
        return text[..end] + "…";
    }
}
