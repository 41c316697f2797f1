using System.Text.Json;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Forewarn.Ingestion;

/// <summary>Targets that share labels.</summary>
sealed record TargetGroup(IReadOnlyList<string> Targets, IReadOnlyList<KeyValuePair<string, string>> Labels);

/// <summary>Reads Prometheus' format for targets in files: a list of groups of <c>targets</c> and <c>labels</c>, in JSON or YAML.</summary>
static class TargetFile
{
    /// <param name="name">Its extension tells the format.</param>
    /// <exception cref="FormatException">It is not in order, with what is wrong.</exception>
    public static IReadOnlyList<TargetGroup> Parse(string name, string text)
    {
        try
        {
            return Path.GetExtension(name).Equals(".json", StringComparison.OrdinalIgnoreCase) ? Json(text) : Yaml(text);
        }
        catch (Exception broken) when (broken is JsonException or YamlException or InvalidOperationException or InvalidCastException or KeyNotFoundException)
        {
            throw new FormatException(broken.Message, broken);
        }
    }

    static List<TargetGroup> Json(string text)
    {
        using var document = JsonDocument.Parse(text);
        return
        [
            .. document.RootElement.EnumerateArray().Select(group => new TargetGroup(
                [.. group.GetProperty("targets").EnumerateArray().Select(target => target.GetString() ?? "")],
                group.TryGetProperty("labels", out var labels) ? [.. labels.EnumerateObject().Select(label => KeyValuePair.Create(label.Name, label.Value.GetString() ?? ""))] : [])),
        ];
    }

    static List<TargetGroup> Yaml(string text)
    {
        var stream = new YamlStream();
        using var reader = new StringReader(text);
        stream.Load(reader);
        return stream.Documents.Count == 0
            ? []
            : [.. ((YamlSequenceNode)stream.Documents[0].RootNode).Children.Cast<YamlMappingNode>().Select(group => new TargetGroup(
                [.. ((YamlSequenceNode)group["targets"]).Children.Select(Scalar)],
                group.Children.TryGetValue("labels", out var labels) ? [.. ((YamlMappingNode)labels).Select(label => KeyValuePair.Create(Scalar(label.Key), Scalar(label.Value)))] : []))];
    }

    static string Scalar(YamlNode node) => ((YamlScalarNode)node).Value ?? "";
}
