using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Forewarn.Deploy.Tests;

/// <summary>A compose file as Compose sees it: anchors resolved, merge keys merged, plain scalars typed. Variables stay as they are written.</summary>
static partial class ComposeFile
{
    public static string Folder { get; } = Path.Combine(Checkout.Root, "deploy", "compose");

    /// <summary>All compose files of the folder, by name.</summary>
    public static string[] Names => ["compose.yaml", "infra.yaml", "verify.yaml"];

    public static JsonObject Load(string name = "compose.yaml") => (JsonObject)ToJson(Yaml(Path.Combine(Folder, name)))!;

    public static YamlNode Yaml(string path) => Documents(path).Single();

    public static IReadOnlyList<YamlNode> Documents(string path)
    {
        using var reader = new StreamReader(path);
        var stream = new YamlStream();
        stream.Load(reader);
        return [.. stream.Documents.Select(document => document.RootNode)];
    }

    public static JsonNode? ToJson(YamlNode node) => node switch
    {
        YamlMappingNode mapping => Merge(mapping),
        YamlSequenceNode sequence => new JsonArray([.. sequence.Select(ToJson)]),
        YamlScalarNode { Style: ScalarStyle.Plain, Value: var text } => Typed(text ?? ""),
        YamlScalarNode scalar => scalar.Value,
        _ => throw new InvalidOperationException($"{node.GetType()} is not expected"),
    };

    static JsonObject Merge(YamlMappingNode mapping)
    {
        var merged = new JsonObject();
        // What is said in place wins over what is merged in, wherever it stands.
        foreach (var (key, value) in mapping.OrderBy(pair => Text(pair.Key) == "<<" ? 0 : 1))
        {
            if (Text(key) != "<<")
            {
                merged[Text(key)] = ToJson(value);
                continue;
            }
            foreach (var part in value is YamlSequenceNode parts ? parts.Reverse() : [value])
            {
                foreach (var (name, inherited) in Merge((YamlMappingNode)part))
                    merged[name] = inherited?.DeepClone();
            }
        }
        return merged;
    }

    static JsonNode? Typed(string text) => text switch
    {
        "" or "~" or "null" => null,
        "true" => true,
        "false" => false,
        _ when long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) => number,
        _ => text,
    };

    static string Text(YamlNode node) => ((YamlScalarNode)node).Value!;

    /// <summary>Variables that a text refers to, as Compose substitutes them.</summary>
    public static IEnumerable<Reference> References(string text) => Variable().Matches(text).Select(match => new Reference(
        match.Groups["name"].Value, match.Groups["operator"].Value, match.Groups["rest"].Value));

    [GeneratedRegex(@"(?<!\$)\$\{(?<name>[A-Za-z_][A-Za-z0-9_]*)(?<operator>:-|-|:\?|\?)?(?<rest>[^}]*)\}", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Variable();

    /// <param name="Operator"><c>:-</c> with a default, <c>:?</c> required; empty = nothing where it is unset.</param>
    public sealed record Reference(string Name, string Operator, string Rest)
    {
        public bool Required => Operator is ":?" or "?";
    }
}
