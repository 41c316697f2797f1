using System.Globalization;
using System.Text.Json;
using DevSidecar.Components;

namespace DevSidecar.Health;

/// <summary>The document of <c>GET /v1.0/metadata</c> (dapr.md 11.2). Empty members are left out.</summary>
static class SidecarMetadata
{
    public const string Version = "1.18.3";

    public static void Write(Utf8JsonWriter json, AppSidecar sidecar)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, sidecar.AppId);
        json.WriteString("runtimeVersion"u8, Version);
        WriteArray(json, "enabledFeatures", sidecar.Runtime.Configuration.Features, (j, f) => j.WriteStringValue(f));
        var actors = sidecar.Runtime.Actors.ActiveOn(sidecar).ToList();
        WriteArray(json, "actors", actors, WriteActor);
        WriteArray(json, "components", sidecar.Components.Definitions, (j, c) => WriteComponent(j, sidecar, c));
        json.WriteStartObject("extended"u8);
        foreach (var (name, value) in Extended(sidecar))
        {
            json.WriteString(name, value);
        }

        json.WriteEndObject();
        WriteArray(json, "subscriptions", sidecar.Subscriptions, WriteSubscription);
        if (sidecar.AppPort > 0)
        {
            json.WriteStartObject("appConnectionProperties"u8);
            json.WriteNumber("port"u8, sidecar.AppPort);
            json.WriteString("protocol"u8, "http"u8);
            json.WriteString("channelAddress"u8, "127.0.0.1"u8);
            json.WriteEndObject();
        }

        json.WriteStartObject("actorRuntime"u8);
        json.WriteString("runtimeStatus"u8, sidecar.State == AppSidecarState.WaitingForApp ? "INITIALIZING" : "RUNNING");
        json.WriteBoolean("hostReady"u8, sidecar is { State: AppSidecarState.Ready, ActorHost: not null });
        json.WriteString("placement"u8, "placement: connected"u8);
        WriteArray(json, "activeActors", actors, WriteActor);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    public static IEnumerable<KeyValuePair<string, string>> Extended(AppSidecar sidecar) =>
        sidecar.Extended.Append(new("daprRuntimeVersion", Version)).Append(new("emulatedBy", "dev-sidecar"));

    public static IEnumerable<string> Capabilities(AppSidecar sidecar, ComponentDefinition component) => ComponentCatalog.Canonical(component.Type) switch
    {
        "state.postgresql" or "state.in-memory" => component.Metadata.Any(m => m.Name.Equals("actorStateStore", StringComparison.OrdinalIgnoreCase))
            ? ["ETAG", "TRANSACTIONAL", "TTL", "ACTOR"]
            : ["ETAG", "TRANSACTIONAL", "TTL"],
        _ => BindingCapabilities(sidecar.Components, component.Name),
    };

    static IEnumerable<string> BindingCapabilities(AppComponents components, string name)
    {
        if (components.Inputs.Exists(i => i.Name == name))
        {
            yield return "INPUT_BINDING";
        }

        if (components.Bindings.ContainsKey(name))
        {
            yield return "OUTPUT_BINDING";
        }
    }

    static void WriteActor(Utf8JsonWriter json, (string Type, int Count) actor)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, actor.Type);
        json.WriteNumber("count"u8, actor.Count);
        json.WriteEndObject();
    }

    static void WriteComponent(Utf8JsonWriter json, AppSidecar sidecar, ComponentDefinition component)
    {
        json.WriteStartObject();
        json.WriteString("name"u8, component.Name);
        json.WriteString("type"u8, component.Type);
        json.WriteString("version"u8, component.Version);
        WriteArray(json, "capabilities", [.. Capabilities(sidecar, component)], (j, c) => j.WriteStringValue(c));
        json.WriteEndObject();
    }

    static void WriteSubscription(Utf8JsonWriter json, PubSub.AppSubscription subscription)
    {
        json.WriteStartObject();
        json.WriteString("pubsubname"u8, subscription.PubSub);
        json.WriteString("topic"u8, subscription.Topic);
        json.WriteStartArray("rules"u8);
        foreach (var rule in subscription.Rules)
        {
            json.WriteStartObject();
            json.WriteString("match"u8, rule.Match);
            json.WriteString("path"u8, rule.Path);
            json.WriteEndObject();
        }

        if (subscription.DefaultPath is { } path)
        {
            json.WriteStartObject();
            json.WriteString("path"u8, path);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        if (subscription.DeadLetterTopic is { } deadLetters)
        {
            json.WriteString("deadLetterTopic"u8, deadLetters);
        }

        if (subscription.Metadata.Count > 0)
        {
            json.WriteStartObject("metadata"u8);
            foreach (var (name, value) in subscription.Metadata)
            {
                json.WriteString(name, Convert.ToString(value, CultureInfo.InvariantCulture));
            }

            json.WriteEndObject();
        }

        json.WriteString("type"u8, subscription.Declarative ? "DECLARATIVE" : "PROGRAMMATIC");
        json.WriteEndObject();
    }

    static void WriteArray<T>(Utf8JsonWriter json, string name, IReadOnlyCollection<T> items, Action<Utf8JsonWriter, T> write)
    {
        if (items.Count == 0)
        {
            return;
        }

        json.WriteStartArray(name);
        foreach (var item in items)
        {
            write(json, item);
        }

        json.WriteEndArray();
    }
}
