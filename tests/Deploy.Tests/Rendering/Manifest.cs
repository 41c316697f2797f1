using System.Text.Json.Nodes;

namespace Forewarn.Deploy.Tests;

/// <summary>One object of a rendered chart.</summary>
sealed record Manifest(JsonObject Root)
{
    public string ApiVersion => (string)Root["apiVersion"]!;
    public string Kind => (string)Root["kind"]!;
    public string Name => (string)Root["metadata"]!["name"]!;
    public JsonObject Metadata => (JsonObject)Root["metadata"]!;
    public JsonObject Spec => (JsonObject)Root["spec"]!;

    /// <summary>Hooks of `helm test` are no part of the installation.</summary>
    public bool IsTest => (string?)Metadata["annotations"]?["helm.sh/hook"] == "test";

    /// <summary>The template of its pods, or itself if it is one; null for what has none.</summary>
    public JsonObject? Pod => Kind switch
    {
        "Pod" => Root,
        "Deployment" or "StatefulSet" or "Job" => (JsonObject)Spec["template"]!,
        "CronJob" => (JsonObject)Spec["jobTemplate"]!["spec"]!["template"]!,
        _ => null,
    };

    public IEnumerable<JsonObject> Containers => Pod is { } pod ? ((JsonArray)pod["spec"]!["containers"]!).Cast<JsonObject>() : [];

    public string? Annotation(string name) => (string?)Pod?["metadata"]?["annotations"]?[name];

    public override string ToString() => $"{Kind} {Name}";

    public static IReadOnlyList<Manifest> ReadAll(string yaml) => [.. YamlJson.Read(yaml).Select(node => new Manifest((JsonObject)node))];

    /// <summary>All objects below a node, itself included.</summary>
    public static IEnumerable<JsonObject> Below(JsonNode? node) => node switch
    {
        JsonObject map => map.SelectMany(pair => Below(pair.Value)).Prepend(map),
        JsonArray list => list.SelectMany(Below),
        _ => [],
    };
}
