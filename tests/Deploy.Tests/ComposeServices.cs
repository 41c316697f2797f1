using System.Text.Json.Nodes;
using Forewarn.Contracts;

namespace Forewarn.Deploy.Tests;

/// <summary>The services of <c>compose.yaml</c>.</summary>
static class ComposeServices
{
    public static readonly string[] Apps = [Contracts.Apps.Alerting, Contracts.Apps.Gateway, Contracts.Apps.History, Contracts.Apps.Ingestion, Contracts.Apps.Predictor, Contracts.Apps.StreamProcessor, Contracts.Apps.Trainer];

    public static IReadOnlyDictionary<string, JsonObject> All { get; } =
        ((JsonObject)ComposeFile.Load()["services"]!).ToDictionary(pair => pair.Key, pair => (JsonObject)pair.Value!, StringComparer.Ordinal);

    public static string SidecarOf(string app) => $"{app}-dapr";

    public static string PodOf(string app) => $"{app}-pod";

    /// <summary>Of a service: variable and value as written.</summary>
    public static IReadOnlyDictionary<string, string> EnvironmentOf(string service) =>
        ((JsonObject?)All[service]["environment"] ?? []).ToDictionary(pair => pair.Key, pair => pair.Value?.ToString() ?? "", StringComparer.Ordinal);

    public static IReadOnlyList<string> Texts(JsonObject service, string key) => [.. ((JsonArray?)service[key] ?? []).Select(item => item!.ToString())];

    public static IReadOnlyList<string> ProfilesOf(string service) => Texts(All[service], "profiles");

    /// <summary>Service needed → condition.</summary>
    public static IReadOnlyDictionary<string, string> NeedsOf(string service) => NeedsOf(All[service]);

    public static IReadOnlyDictionary<string, string> NeedsOf(JsonObject service) =>
        ((JsonObject?)service["depends_on"] ?? []).ToDictionary(pair => pair.Key, pair => pair.Value!["condition"]!.ToString(), StringComparer.Ordinal);

    /// <summary>Value of <c>--flag=value</c> in the command line of a sidecar.</summary>
    public static string Flag(string service, string flag)
    {
        var words = Texts(All[service], "entrypoint").Concat(Texts(All[service], "command")).ToList();
        return words.FirstOrDefault(word => word.StartsWith($"{flag}=", StringComparison.Ordinal)) is { } joined
            ? joined[(flag.Length + 1)..]
            : words[words.IndexOf(flag) + 1];
    }
}
