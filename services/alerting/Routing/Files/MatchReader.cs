using System.Text.Json;
using Forewarn.Contracts;
using Forewarn.Hosting;

namespace Forewarn.Alerting.Routing;

/// <summary>Reads which incidents are meant.</summary>
static class MatchReader
{
    static readonly string[] Fields = ["entity", "labels", "severity", "kind"];
    static readonly Dictionary<string, IncidentSeverity> Severities = Words<IncidentSeverity>();
    static readonly Dictionary<string, DetectionKind> Kinds = Words<DetectionKind>();

    /// <param name="ofEntities">It is about entities, which have neither severity nor kind.</param>
    public static AlertMatch Read(YamlMap? node, bool ofEntities = false)
    {
        if (node is null)
            return new AlertMatch();
        var match = new AlertMatch { Entity = node.Text("entity"), Labels = node.Pairs("labels") };
        if (!ofEntities)
            match = match with { Severity = Known(node, "severity", Severities), Kind = Known(node, "kind", Kinds) };
        node.RefuseOthers();
        if (match is { Entity: null, Labels.Count: 0, Severity.Count: 0, Kind.Count: 0 } && !Fields.Any(node.Has))
            node.Mistake("entity", "or another field is expected; leave match out to mean everything");
        return match;
    }

    static List<T> Known<T>(YamlMap node, string name, Dictionary<string, T> words)
        where T : struct
    {
        var values = new List<T>();
        foreach (var text in node.Texts(name))
        {
            if (words.TryGetValue(text.Value, out var value))
                values.Add(value);
            else
                node.Mistake(text, $"'{text.Value}' is unknown. Known: {string.Join(", ", words.Keys)}");
        }
        return values;
    }

    /// <summary>The words by which an enumeration travels.</summary>
    static Dictionary<string, T> Words<T>()
        where T : struct, Enum =>
        Enum.GetValues<T>().ToDictionary(value => JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString()), StringComparer.Ordinal);
}
