using System.Globalization;

namespace DevSidecar.Admin;

/// <summary>The first page: who is there and what waits.</summary>
static class OverviewPage
{
    public static string Render(RuntimeDescription runtime)
    {
        var html = new HtmlWriter();
        html.Add($"<h2>Apps</h2>{Apps(runtime.Apps)}");
        html.Add($"<h2>Queues</h2>{Queues(runtime.Queues)}");
        html.Add($"<h2>Dead letters</h2>{DeadLetters(runtime.DeadLetterTopics)}");
        var subscriptions = runtime.Apps.SelectMany(a => a.Subscriptions.Select(s => (a.AppId, Subscription: s))).Distinct().ToList();
        html.Add($"<h2>Subscriptions</h2>{Subscriptions(subscriptions)}");
        var components = runtime.Apps.SelectMany(a => a.Components).Distinct().OrderBy(c => c.Name, StringComparer.Ordinal).ToList();
        html.Add($"<h2>Components</h2>{Components(components)}");
        html.Add($"""<p class="dim">The log holds {Size(runtime.LogBytes)}. The same as <a href="/api/runtime">JSON</a>.</p>""");
        return AdminLayout.Page("dev-sidecar", html);
    }

    public static string Size(long bytes) => bytes switch
    {
        < 1024 => string.Create(CultureInfo.InvariantCulture, $"{bytes} bytes"),
        < 1024 * 1024 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024.0:0.#} KiB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024.0 / 1024:0.#} MiB"),
    };

    static HtmlWriter Apps(IReadOnlyList<AppDescription> apps) => AdminLayout.Table(
        apps, "No app has a sidecar yet.",
        ("id", a => Text(a.AppId)),
        ("state", a => State(a.State)),
        ("app port", a => a.AppPort == 0 ? Text("none") : Number(a.AppPort)),
        ("HTTP", a => Number(a.HttpPort)),
        ("gRPC", a => Number(a.GrpcPort)),
        ("instance", a => Dim(a.InstanceId)));

    static HtmlWriter Queues(IReadOnlyList<QueueDescription> queues) => AdminLayout.Table(
        queues, "Nobody reads from the log.",
        ("topic", q => Text(q.Topic)),
        ("group", q => Text(q.Group)),
        ("consumers", q => q.Consumers == 0 ? Marked("warn", "none") : Number(q.Consumers)),
        ("waiting", q => Number(q.Depth)),
        ("oldest", q => q.OldestAge is { } age ? Text(Age(age)) : Dim("none")));

    static HtmlWriter DeadLetters(IReadOnlyList<DeadLetterTopicDescription> topics) => AdminLayout.Table(
        topics, "No subscription has a dead letter topic.",
        ("topic", t => t.Broker is null ? new HtmlWriter().Add($"""<a href="/dead-letters?topic={Uri.EscapeDataString(t.Topic)}">{t.Topic}</a>""") : Text(t.Topic)),
        ("from", t => Text(string.Join(", ", t.Sources))),
        ("waiting", t => t.Waiting switch
        {
            null => Dim($"they live in the broker of {t.Broker}"),
            0 => Number(0),
            var waiting => new HtmlWriter().Add($"""<b class="bad">{waiting.Value}</b>"""),
        }));

    static HtmlWriter Subscriptions(IReadOnlyList<(string AppId, SubscriptionDescription Subscription)> subscriptions) => AdminLayout.Table(
        subscriptions, "No app has subscribed.",
        ("app", s => Text(s.AppId)),
        ("topic", s => Text(s.Subscription.Topic)),
        ("pub/sub", s => Text(s.Subscription.PubSub)),
        ("delivery", s => Text(s.Subscription.Bulk ? "bulk" : "single")),
        ("dead letters", s => s.Subscription.DeadLetterTopic is { } topic ? Text(topic) : Dim("none")));

    static HtmlWriter Components(IReadOnlyList<ComponentDescription> components) => AdminLayout.Table(
        components, "No component is loaded for an app.",
        ("name", c => Text(c.Name)),
        ("type", c => Text(c.Type)),
        ("version", c => Text(c.Version)));

    static HtmlWriter State(AppSidecarState state) => state switch
    {
        AppSidecarState.Ready => Marked("good", "ready"),
        AppSidecarState.WaitingForApp => Marked("warn", "waiting for the app"),
        AppSidecarState.AppLost => Marked("bad", "the app is gone"),
        _ => Dim("stopped"),
    };

    static string Age(TimeSpan age) => age switch
    {
        { TotalSeconds: < 10 } => string.Create(CultureInfo.InvariantCulture, $"{Math.Max(0, age.TotalSeconds):0.0} s"),
        { TotalMinutes: < 2 } => string.Create(CultureInfo.InvariantCulture, $"{age.TotalSeconds:0} s"),
        { TotalHours: < 2 } => string.Create(CultureInfo.InvariantCulture, $"{age.TotalMinutes:0} min"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{age.TotalHours:0.#} h"),
    };

    static HtmlWriter Text(string text) => new HtmlWriter().Add($"{text}");

    static HtmlWriter Number(long number) => new HtmlWriter().Add($"{number}");

    static HtmlWriter Dim(string text) => Marked("dim", text);

    static HtmlWriter Marked(string style, string text) => new HtmlWriter().Add($"<span class=\"{style}\">{text}</span>");
}
