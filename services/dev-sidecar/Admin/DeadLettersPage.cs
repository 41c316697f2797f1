using System.Globalization;

namespace DevSidecar.Admin;

/// <summary>The dead letters of a topic, and one of them whole.</summary>
static class DeadLettersPage
{
    public static string Render(DeadLetterPage page, string? done)
    {
        var html = new HtmlWriter();
        html.Add($"<h1>Dead letters in {page.Topic}: {page.Waiting}</h1>");
        if (done is not null)
        {
            html.Add($"""<p class="good" role="status">{done}</p>""");
        }

        if (page.Waiting > 0)
        {
            html.Add($"<nav>{Action("replay", "Replay all", page.Topic, Until(page), "Publish all of them again to the topics they came from?")}");
            html.Add($"{Action("discard", "Discard all", page.Topic, Until(page), "Discard all of them for good?")}</nav>");
        }

        html.Add($"""<p class="dim">Replaying is at least once, and every group of the topic gets the message, not only the one that failed.</p>""");
        html.Add($"{Table(page)}");
        html.Add($"<nav>");
        if (page.Skip > 0)
        {
            html.Add($"""<a href="/dead-letters?topic={Uri.EscapeDataString(page.Topic)}&skip={Math.Max(0, page.Skip - page.Take)}&take={page.Take}">older</a>""");
        }

        if (page.Skip + page.Letters.Count < page.Waiting)
        {
            html.Add($"""<a href="/dead-letters?topic={Uri.EscapeDataString(page.Topic)}&skip={page.Skip + page.Take}&take={page.Take}">newer</a>""");
        }

        html.Add($"</nav>");
        return AdminLayout.Page($"{page.Topic} · dev-sidecar", html);
    }

    public static string RenderOne(string topic, DeadLetterView letter)
    {
        var html = new HtmlWriter();
        html.Add($"""<h1>{topic}, partition {letter.Partition}, offset {letter.Offset}</h1><p><a href="/dead-letters?topic={Uri.EscapeDataString(topic)}">all of {topic}</a></p>""");
        html.Add($"<nav>{Actions(topic, letter)}</nav>");
        html.Add($"<p>{Time(letter)}, {letter.Bytes} bytes, from {letter.Origin ?? "an unknown topic"}, key {letter.Key ?? "none"}</p>");
        html.Add($"<h2>Headers</h2>{Headers(letter)}<h2>Value{(letter.Text is null ? " (base64)" : "")}</h2><pre>{letter.Text ?? letter.Base64}</pre>");
        return AdminLayout.Page($"{topic} · dev-sidecar", html);
    }

    static HtmlWriter Table(DeadLetterPage page) => AdminLayout.Table(
        page.Letters, "None waits.",
        ("time", l => new HtmlWriter().Add($"{Time(l)}")),
        ("from", l => new HtmlWriter().Add($"{l.Origin ?? "unknown"}")),
        ("place", l => new HtmlWriter().Add($"""<a href="/dead-letters/message?{Place(page.Topic, l)}">{l.Partition} / {l.Offset}</a>""")),
        ("key", l => new HtmlWriter().Add($"{l.Key}")),
        ("headers", Headers),
        ("value", l => new HtmlWriter().Add($"<pre>{l.Text ?? l.Base64}{(l.Truncated ? " …" : "")}</pre><span class=\"dim\">{l.Bytes} bytes</span>")),
        ("", l => Actions(page.Topic, l)));

    static HtmlWriter Headers(DeadLetterView letter)
    {
        var html = new HtmlWriter();
        foreach (var (name, value) in letter.Headers)
        {
            html.Add($"<div>{name}: {value}</div>");
        }

        return html;
    }

    static HtmlWriter Actions(string topic, DeadLetterView letter)
    {
        var place = string.Create(CultureInfo.InvariantCulture, $"&partition={letter.Partition}&offset={letter.Offset}");
        var html = new HtmlWriter();
        if (letter.Origin is not null)
        {
            html.Add($"{Action("replay", "Replay", topic, place, null)} ");
        }

        return html.Add($"{Action("discard", "Discard", topic, place, "Discard it for good?")}");
    }

    static HtmlWriter Action(string verb, string label, string topic, string which, string? confirm) => new HtmlWriter().Add(
        $"""<form method="post" action="/dead-letters/{verb}?topic={Uri.EscapeDataString(topic)}{which}" data-confirm="{confirm}"><button class="{(verb == "discard" ? "bad" : "")}">{label}</button></form>""");

    static string Until(DeadLetterPage page) => string.Create(CultureInfo.InvariantCulture, $"&until={page.AsOf}");

    static string Place(string topic, DeadLetterView letter) =>
        string.Create(CultureInfo.InvariantCulture, $"topic={Uri.EscapeDataString(topic)}&partition={letter.Partition}&offset={letter.Offset}");

    static string Time(DeadLetterView letter) => letter.Time.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
