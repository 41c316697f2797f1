using System.Text.Json;

namespace Forewarn.Compliance;

/// <summary>Component documents.</summary>
static class Components
{
    const string NoAuthentication = "- { name: authType, value: none }";

    /// <summary>A consumer group in which a member that comes or goes is soon noticed.</summary>
    public static readonly (string Name, string Value)[] QuickGroup = [("heartbeatInterval", "200ms"), ("sessionTimeout", "6s")];

    /// <param name="type">With its version, as in <c>bindings.http/v1</c>.</param>
    public static string Component(string name, string type, params IEnumerable<(string Name, string Value)> metadata) =>
        $"""
        apiVersion: dapr.io/v1alpha1
        kind: Component
        metadata: {"{"} name: {name} {"}"}
        spec:
          type: {type.Split('/')[0]}
          version: {type.Split('/')[1]}
          metadata:
        """ + Lines(metadata);

    /// <summary>The document with more metadata for its <c>pubsub.kafka</c>.</summary>
    public static string WithKafka(string yaml, params IEnumerable<(string Name, string Value)> metadata) =>
        yaml.Replace(NoAuthentication, NoAuthentication + Lines(metadata), StringComparison.Ordinal);

    /// <summary>Brokers outlive a test; its consumer group must not.</summary>
    public static (string Name, string Value) OwnGroup() => ("consumerGroup", $"{{appID}}-{Guid.NewGuid():N}");

    static string Lines(IEnumerable<(string Name, string Value)> metadata) =>
        string.Concat(metadata.Select(m => $"\n  - {{ name: {m.Name}, value: {JsonSerializer.Serialize(m.Value)} }}"));
}
