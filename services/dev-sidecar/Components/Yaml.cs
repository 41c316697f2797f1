using YamlDotNet.RepresentationModel;

namespace DevSidecar.Components;

/// <summary>Reads members of YAML mappings; names are matched exactly, as Dapr's resource loader does.</summary>
static class Yaml
{
    public static YamlNode? Get(this YamlNode? node, string name) =>
        node is YamlMappingNode map && map.Children.TryGetValue(new YamlScalarNode(name), out var child) ? child : null;

    public static string? Text(this YamlNode? node, string name) => (node.Get(name) as YamlScalarNode)?.Value;

    public static bool Flag(this YamlNode? node, string name) =>
        string.Equals(node.Text(name), "true", StringComparison.OrdinalIgnoreCase);

    public static IEnumerable<YamlNode> Items(this YamlNode? node, string name) =>
        node.Get(name) is YamlSequenceNode list ? list.Children : [];

    public static IEnumerable<(string Name, YamlNode Value)> Members(this YamlNode? node) =>
        node is YamlMappingNode map
            ? map.Children.Where(c => c.Key is YamlScalarNode { Value: not null }).Select(c => (((YamlScalarNode)c.Key).Value!, c.Value))
            : [];

    /// <summary>Stops with a message that names the member that nobody knows, instead of ignoring it.</summary>
    public static void AllowOnly(this YamlNode? node, string where, params ReadOnlySpan<string> names)
    {
        foreach (var (name, _) in node.Members())
        {
            if (!names.Contains(name))
            {
                throw new SidecarConfigurationException($"{where}: '{name}' is unknown. Known: {string.Join(", ", names!)}.");
            }
        }
    }

    public static IReadOnlyList<string> Texts(this YamlNode? node, string name) =>
        [.. node.Items(name).OfType<YamlScalarNode>().Where(s => s.Value is not null).Select(s => s.Value!)];
}
