using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Forewarn.Launcher.Doctor;

/// <summary>An environment variable that components refer to, and which.</summary>
/// <param name="Optional">Every component that names it loads without.</param>
sealed record ComponentVariable(string Name, IReadOnlyList<string> Components, bool Optional);

/// <summary>What the resources folder expects in the environment of a sidecar.</summary>
static class ComponentVariables
{
    /// <summary>Metadata that Dapr takes as absent when it is empty: servers that nobody signs in at.</summary>
    static readonly string[] MayBeEmpty = ["user", "password", "securityToken"];

    /// <exception cref="LauncherException">A file cannot be read as YAML.</exception>
    public static IReadOnlyList<ComponentVariable> Read(string folder) =>
        [.. Directory.EnumerateFiles(folder, "*.yaml").Order(StringComparer.Ordinal).SelectMany(References)
            .GroupBy(reference => reference.Variable, StringComparer.Ordinal)
            .Select(uses => new ComponentVariable(
                uses.Key, [.. uses.Select(use => use.Component).Distinct(StringComparer.Ordinal)], uses.All(use => MayBeEmpty.Contains(use.Metadata, StringComparer.Ordinal))))];

    static IEnumerable<(string Variable, string Component, string Metadata)> References(string file)
    {
        var yaml = new YamlStream();
        try
        {
            using var reader = new StreamReader(file);
            yaml.Load(reader);
        }
        catch (YamlException invalid)
        {
            throw new LauncherException($"{file}, line {invalid.Start.Line}: {invalid.Message}", ExitCodes.Missing, invalid);
        }
        return from document in yaml.Documents
               let root = document.RootNode as YamlMappingNode
               where root is not null && Text(root, "kind") == "Component"
               let spec = Child(root, "spec") as YamlMappingNode
               from item in (spec is null ? null : Child(spec, "metadata") as YamlSequenceNode) ?? []
               let entry = item as YamlMappingNode
               where entry is not null && Text(entry, "envRef") is not null
               select (Text(entry, "envRef")!, Text((YamlMappingNode)root["metadata"], "name") ?? file, Text(entry, "name") ?? "");
    }

    static YamlNode? Child(YamlMappingNode node, string key) => node.Children.TryGetValue(key, out var child) ? child : null;

    static string? Text(YamlMappingNode node, string key) => (Child(node, key) as YamlScalarNode)?.Value;
}
