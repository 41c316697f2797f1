using System.Globalization;
using System.Text.Json;
using DevSidecar.Components;

namespace DevSidecar.PubSub;

/// <summary>Reads subscriptions from <c>GET /dapr/subscribe</c> and from Subscription documents (v1alpha1 and v2alpha1).</summary>
static class SubscriptionReader
{
    /// <summary>Member names are matched without regard to case, as Go does: the SDK writes <c>pubsubName</c>.</summary>
    public static IReadOnlyList<AppSubscription> Programmatic(ReadOnlyMemory<byte> body)
    {
        using var document = JsonDocument.Parse(body.IsEmpty ? "[]"u8.ToArray() : body);
        return document.RootElement.ValueKind == JsonValueKind.Array
            ? [.. document.RootElement.EnumerateArray().Select(FromJson).Where(HasRoute)]
            : [];
    }

    public static AppSubscription Declarative(ResourceDocument document)
    {
        var where = $"subscription '{document.Name}' in {document.File}";
        var spec = document.Spec;
        var bulk = spec.Get("bulkSubscribe");
        var routes = spec.Get("routes");
        var v1Route = spec.Text("route");
        return new()
        {
            PubSub = spec.Text("pubsubname") ?? throw new SidecarConfigurationException($"{where}: spec.pubsubname is missing."),
            Topic = spec.Text("topic") ?? throw new SidecarConfigurationException($"{where}: spec.topic is missing."),
            Rules = [.. routes.Items("rules").Select(r => Rule(r.Text("match") ?? "", r.Text("path") ?? "", where))],
            DefaultPath = Path(routes.Text("default") ?? v1Route),
            DeadLetterTopic = NullIfEmpty(spec.Text("deadLetterTopic")),
            Bulk = bulk.Flag("enabled"),
            MaxMessagesCount = Positive(bulk.Text("maxMessagesCount"), 80),
            MaxAwait = TimeSpan.FromMilliseconds(Positive(bulk.Text("maxAwaitDurationMs"), 10_000)),
            Metadata = spec.Get("metadata").Members()
                .ToDictionary(m => m.Name, m => m.Value.ToString(), StringComparer.OrdinalIgnoreCase),
            Declarative = true,
        };
    }

    static AppSubscription FromJson(JsonElement element)
    {
        var bulk = Member(element, "bulkSubscribe");
        var routes = Member(element, "routes");
        var topic = Text(element, "topic") ?? "";
        return new()
        {
            PubSub = Text(element, "pubsubname") ?? "",
            Topic = topic,
            Rules = [.. Items(routes, "rules").Select(r => Rule(Text(r, "match") ?? "", Text(r, "path") ?? "", $"the app's subscription to '{topic}'"))],
            DefaultPath = Path(Text(routes, "default") ?? Text(element, "route")),
            DeadLetterTopic = NullIfEmpty(Text(element, "deadLetterTopic")),
            Bulk = Member(bulk, "enabled") is { ValueKind: JsonValueKind.True },
            MaxMessagesCount = Positive(Member(bulk, "maxMessagesCount")?.ToString(), 80),
            MaxAwait = TimeSpan.FromMilliseconds(Positive(Member(bulk, "maxAwaitDurationMs")?.ToString(), 10_000)),
            Metadata = Member(element, "metadata") is { ValueKind: JsonValueKind.Object } metadata
                ? metadata.EnumerateObject().ToDictionary(m => m.Name, m => m.Value.ToString(), StringComparer.OrdinalIgnoreCase)
                : new Dictionary<string, string>(StringComparer.Ordinal),
        };
    }

    static bool HasRoute(AppSubscription s) => s.PubSub.Length > 0 && s.Topic.Length > 0 && (s.DefaultPath is not null || s.Rules.Count > 0);

    static RoutingRule Rule(string match, string path, string where) => new(match, RoutingExpression.Compile(match, where), Path(path) ?? "/");

    static string? Path(string? path) => string.IsNullOrEmpty(path) ? null : path[0] == '/' ? path : "/" + path;

    static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;

    static int Positive(string? text, int fallback) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value > 0 ? value : fallback;

    static JsonElement? Member(JsonElement? element, string name)
    {
        if (element is { ValueKind: JsonValueKind.Object } owner)
        {
            foreach (var member in owner.EnumerateObject())
            {
                if (member.Name.Equals(name, StringComparison.OrdinalIgnoreCase) && member.Value.ValueKind != JsonValueKind.Null)
                {
                    return member.Value;
                }
            }
        }

        return null;
    }

    static string? Text(JsonElement? element, string name) => Member(element, name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    static JsonElement[] Items(JsonElement? element, string name) =>
        Member(element, name) is { ValueKind: JsonValueKind.Array } list ? [.. list.EnumerateArray()] : [];
}
