using System.Text.Encodings.Web;
using Forewarn.Contracts;

namespace Forewarn.Gateway.Actions;

/// <summary>The pages behind a link. They need no script, and their style is a file of ours, so they work under the strictest policy.</summary>
static class ActionHtml
{
    /// <summary>Shows the incident and asks.</summary>
    public static string Question(ActionView action, string token)
    {
        var (title, explanation, button) = WordsOf(action.Action);
        return Page(title, $"""
            <h1>{title}</h1>
            {Incident(action)}
            <p>{explanation}</p>
            <form method="post" action="/act/{Text(Uri.EscapeDataString(token))}">
            <label>Your name, for the others <input name="who" maxlength="{IncidentRules.MaxWho}" autocomplete="name" placeholder="optional"></label>
            <button>{button}</button></form>
            """);
    }

    public static string Done(ActionView action) => Page("Done", $"""
        <h1>Done</h1>
        {Incident(action)}
        <p role="status">{action.Action switch
    {
        "acknowledge" => "Acknowledged. It is not escalated any more.",
        "snooze" => "Snoozed for one hour. What gets worse meanwhile still shows on the dashboard.",
        _ => "Kept as a false alarm. Forewarn learns from it.",
    }}</p>
        <p><a href="/incidents/{Text(Uri.EscapeDataString(action.Incident))}">See the incident on the dashboard</a></p>
        """);

    public static string Refusal(ActionProblem problem) => Page(problem.Title, $"""
        <h1>{Text(problem.Title)}</h1>
        <p role="alert">{Text(problem.Detail)}</p>
        <p><a href="/incidents">See all incidents on the dashboard</a></p>
        """);

    static (string Title, string Explanation, string Button) WordsOf(string action) => action switch
    {
        "acknowledge" => ("Acknowledge this incident?", "Everybody sees that somebody looks after it, and it is not escalated.", "Acknowledge"),
        "snooze" => ("Snooze this incident?", "Nobody is told of it for one hour.", "Snooze for 1 hour"),
        _ => ("Was this a false alarm?", "Forewarn learns that this is normal here.", "It was a false alarm"),
    };

    static string Incident(ActionView action) => action.Entity is null
        ? $"<p class=\"incident\">Incident {Text(action.Incident)}</p>"
        : $"""
            <div class="incident"><p class="state {Name(action.Severity)}">{Name(action.Severity)}, {Name(action.Status)}</p>
            <p class="entity">{Text(action.Entity)}</p><p>{Text(action.Summary ?? "")}</p></div>
            """;

    static string Name<T>(T? value)
        where T : struct, Enum => value?.ToString().ToLowerInvariant() ?? "";

    static string Page(string title, string body) => $"""
        <!doctype html>
        <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark"><title>{Text(title)} · Forewarn</title>
        <link rel="stylesheet" href="{ActionStyle.Path}"></head>
        <body><main>{body}</main></body></html>
        """;

    static string Text(string text) => HtmlEncoder.Default.Encode(text);
}
