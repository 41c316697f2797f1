using DevSidecar.Components;

namespace DevSidecar.PubSub;

/// <summary>A pub/sub component as one app replica sees it.</summary>
sealed record PubSubComponent(string Name, ComponentMetadata Metadata, IBroker Broker)
{
    /// <summary>Scopes of dapr.md 5.3: may this app publish to the topic?</summary>
    public bool MayPublish(string appId, string topic) => Allowed("publishingScopes", appId, topic);

    public bool MaySubscribe(string appId, string topic) => Allowed("subscriptionScopes", appId, topic);

    bool Allowed(string scopes, string appId, string topic)
    {
        var allowed = Names(Metadata["allowedTopics"]);
        if (allowed.Length > 0 && !allowed.Contains(topic, StringComparer.Ordinal))
        {
            return false;
        }

        foreach (var scope in (Metadata[scopes] ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var equals = scope.IndexOf('=', StringComparison.Ordinal);
            if ((equals < 0 ? scope : scope[..equals].Trim()) == appId)
            {
                return Names(equals < 0 ? "" : scope[(equals + 1)..]).Contains(topic, StringComparer.Ordinal);
            }
        }

        return !Names(Metadata["protectedTopics"]).Contains(topic, StringComparer.Ordinal);
    }

    static string[] Names(string? list) => (list ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
