using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.RegularExpressions;
using System.Text.Unicode;
using Forewarn.Alerting.Actions;
using P = Forewarn.Alerting.Notifications.EmailPalette;

namespace Forewarn.Alerting.Notifications;

/// <summary>
/// A notification as one HTML document that needs nothing else: tables and inline styles, which every mail client draws, and an order
/// that reads well where only the text is shown. Everything that comes from outside is escaped.
/// </summary>
static partial class EmailHtml
{
    const int TrendPixels = 56;
    const string Font = "font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif";

    static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);

    public static string Of(Notification notification, Explanation explanation, Trend? trend, IReadOnlyList<ActionLink> actions)
    {
        var colour = P.Of(notification);
        var html = new StringBuilder(8 * 1024);
        Begin(html, notification, explanation, colour);
        if (explanation.Prediction is { } prediction)
            Paragraph(html, "Prediction", [prediction]);
        if (trend is not null)
            Draw(html, trend);
        if (explanation.Series.Count > 0)
            Series(html, explanation.Series);
        if (explanation.FirstMover is { } first)
            Paragraph(html, "Moved first", [first]);
        if (explanation.Followers.Count > 0)
            Paragraph(html, "Then", explanation.Followers);
        Buttons(html, explanation, actions, colour);
        End(html, notification, explanation);
        return html.ToString();
    }

    static void Begin(StringBuilder html, Notification notification, Explanation explanation, string colour) => html.Append(CultureInfo.InvariantCulture, $"""
        <!doctype html>
        <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark">
        <title>{Text($"{notification.Incident.Entity}: {explanation.State}")}</title>
        <style>{P.DarkSheet}</style></head>
        <body class="ground" style="margin:0;padding:0;background:{P.Ground}">
        <table role="presentation" class="ground" width="100%" cellpadding="0" cellspacing="0" style="background:{P.Ground}"><tr><td align="center" style="padding:16px 8px">
        <table role="presentation" class="card" width="100%" cellpadding="0" cellspacing="0" style="max-width:600px;background:{P.Card};border:1px solid {P.Line};border-top:4px solid {colour};border-radius:8px;{Font}">
        <tr><td style="padding:20px 20px 4px">
        <span style="display:inline-block;padding:3px 10px;border-radius:10px;background:{colour};color:#ffffff;font-size:13px;font-weight:600">{Text(explanation.State)}</span>
        <div class="text" style="padding-top:12px;font-size:20px;line-height:26px;font-weight:600;color:{P.Text};word-break:break-word">{Text(notification.Incident.Entity)}</div>
        <div class="text" style="padding-top:6px;font-size:16px;line-height:24px;color:{P.Text};word-break:break-word">{Text(explanation.Sentence)}.</div>
        </td></tr>

        """);

    static void Paragraph(StringBuilder html, string title, IReadOnlyList<string> lines)
    {
        html.Append(CultureInfo.InvariantCulture, $"""<tr><td style="padding:12px 20px 0"><div class="quiet" style="font-size:13px;color:{P.Quiet}">{title}</div>""");
        foreach (var line in lines)
            html.Append(CultureInfo.InvariantCulture, $"""<div class="text" style="font-size:15px;line-height:22px;color:{P.Text};word-break:break-word">{Text(line)}</div>""");
        html.Append("</td></tr>\n");
    }

    static void Draw(StringBuilder html, Trend trend)
    {
        html.Append(CultureInfo.InvariantCulture, $"""<tr><td style="padding:16px 20px 0"><table role="presentation" aria-hidden="true" width="100%" cellpadding="0" cellspacing="0" style="table-layout:fixed"><tr>""");
        foreach (var height in trend.Heights())
        {
            html.Append(CultureInfo.InvariantCulture, $"""<td height="{TrendPixels}" valign="bottom" style="height:{TrendPixels}px;padding:0 1px 0 0;vertical-align:bottom;font-size:0;line-height:0">""");
            if (!double.IsNaN(height))
                html.Append(CultureInfo.InvariantCulture, $"""<div style="height:{Math.Max(2, Math.Round(height * TrendPixels)):0}px;background:{P.Bar}"></div>""");
            html.Append("</td>");
        }
        html.Append(CultureInfo.InvariantCulture, $"""</tr></table><div class="quiet" style="padding-top:4px;font-size:13px;line-height:18px;color:{P.Quiet};word-break:break-word">{Text(trend.Caption)}</div></td></tr>""").Append('\n');
    }

    static void Series(StringBuilder html, IReadOnlyList<ExplainedSeries> series)
    {
        html.Append("""<tr><td style="padding:16px 20px 0"><table width="100%" cellpadding="0" cellspacing="0" style="border-collapse:collapse">""");
        html.Append(CultureInfo.InvariantCulture, $"<tr>{Head("Metric", "left")}{Head("Value", "right")}{Head("Normal at this hour", "right")}</tr>\n");
        foreach (var one in series)
        {
            html.Append(CultureInfo.InvariantCulture, $"<tr>{Cell(Breakable(one.Name), "left", "normal")}{Cell(Text(one.Value), "right", one.IsOutside ? "600" : "normal")}{Cell(Text(one.Normal), "right", "normal")}</tr>\n");
        }
        html.Append("</table></td></tr>\n");
    }

    static string Head(string text, string side) =>
        $"""<th class="quiet line" align="{side}" style="padding:4px 0 4px {(side == "left" ? 0 : 12)}px;border-bottom:1px solid {P.Line};font-size:13px;font-weight:normal;color:{P.Quiet}">{text}</th>""";

    static string Cell(string html, string side, string weight) =>
        $"""<td class="text line" align="{side}" valign="top" style="padding:6px 0 6px {(side == "left" ? 0 : 12)}px;border-bottom:1px solid {P.Line};font-size:14px;line-height:20px;font-weight:{weight};color:{P.Text};word-break:{(side == "left" ? "break-word" : "normal")}">{html}</td>""";

    /// <summary>Each is a block of its own, so that they wrap on a narrow screen.</summary>
    static void Buttons(StringBuilder html, Explanation explanation, IReadOnlyList<ActionLink> actions, string colour)
    {
        html.Append("""<tr><td style="padding:20px 20px 0">""");
        var first = $"background:{colour};border:1px solid {colour};color:#ffffff";
        var second = $"border:1px solid {P.Line};color:{P.Link}";
        Button(html, "Open the chart", explanation.ChartUrl, "", first);
        foreach (var link in explanation.Links)
            Button(html, link.Label, link.Url, "link second", second);
        foreach (var action in actions)
            Button(html, action.Label, action.Url, "link second", second);
        html.Append("</td></tr>\n");
    }

    static void Button(StringBuilder html, string label, string url, string classes, string style) => html.Append(
        CultureInfo.InvariantCulture,
        $"""<a class="{classes}" href="{Text(url)}" style="display:inline-block;margin:0 8px 8px 0;padding:9px 14px;border-radius:6px;{style};font-size:15px;text-decoration:none">{Text(label)}</a> """);

    static void End(StringBuilder html, Notification notification, Explanation explanation) => html.Append(CultureInfo.InvariantCulture, $"""
        <tr><td style="padding:12px 20px 20px"><div class="quiet line" style="padding-top:12px;border-top:1px solid {P.Line};font-size:12px;line-height:18px;color:{P.Quiet};word-break:break-word">
        Since {Text(explanation.Since)}. <a class="link" href="{Text(explanation.IncidentUrl)}" style="color:{P.Link}">Incident {Text(notification.Incident.Id)}</a>.
        Sent to {Text(notification.Receiver)} as {Text(notification.Id)}.</div></td></tr>
        </table></td></tr></table></body></html>

        """);

    /// <summary>A long name breaks after its parts, not within a word.</summary>
    static string Breakable(string name) => Text(name).Replace(".", ".<wbr>", StringComparison.Ordinal).Replace("_", "_<wbr>", StringComparison.Ordinal);

    /// <summary>A number stays on the line of its unit.</summary>
    static string Text(string text) => AfterNumber().Replace(Encoder.Encode(text), "&nbsp;");

    [GeneratedRegex(@"(?<=[0-9]) (?=\S)", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex AfterNumber();
}
