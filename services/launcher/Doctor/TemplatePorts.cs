using System.Globalization;
using YamlDotNet.RepresentationModel;

namespace Forewarn.Launcher.Doctor;

/// <summary>Ports that <c>dapr run -f</c> gives to apps and sidecars; <c>./forewarn up</c> takes free ones instead.</summary>
static class TemplatePorts
{
    static readonly string[] Keys = ["appPort", "daprHTTPPort", "daprGRPCPort", "metricsPort"];

    /// <param name="template">A <c>dapr.yaml</c> that <see cref="Platform.AppTemplate"/> has read without complaint.</param>
    public static IReadOnlyList<(int Port, string For)> Read(string template)
    {
        var yaml = new YamlStream();
        using var reader = new StreamReader(template);
        yaml.Load(reader);
        return [.. from app in (YamlSequenceNode)yaml.Documents[0].RootNode["apps"]
                   from pair in (YamlMappingNode)app
                   let key = ((YamlScalarNode)pair.Key).Value
                   where Keys.Contains(key, StringComparer.Ordinal)
                   select (int.Parse(((YamlScalarNode)pair.Value).Value!, CultureInfo.InvariantCulture), $"{key} of {((YamlScalarNode)app["appID"]).Value}")];
    }
}
