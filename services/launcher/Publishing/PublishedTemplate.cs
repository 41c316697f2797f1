using Forewarn.Launcher.Platform;
using YamlDotNet.RepresentationModel;

namespace Forewarn.Launcher.Publishing;

/// <summary>The dapr.yaml of a published folder: the same apps, each started as a program in <c>bin/</c> instead of built from its project.</summary>
static class PublishedTemplate
{
    /// <summary>Projects of the apps.</summary>
    public static IEnumerable<string> Projects(string template) => AppTemplate.Load(template).Apps.Select(app => ProjectIn(app.Directory, app.AppId));

    public static void Write(string template, string target)
    {
        var yaml = new YamlStream();
        using (var reader = new StreamReader(template))
            yaml.Load(reader);
        foreach (var app in ((YamlSequenceNode)yaml.Documents[0].RootNode["apps"]).Cast<YamlMappingNode>())
        {
            var folder = Path.GetFullPath(((YamlScalarNode)app["appDirPath"]).Value!, Path.GetDirectoryName(template)!);
            var program = $"./Forewarn.{Path.GetFileNameWithoutExtension(ProjectIn(folder, folder))}";
            app.Children["appDirPath"] = new YamlScalarNode("./bin");
            app.Children["command"] = new YamlSequenceNode(new YamlScalarNode(program)) { Style = YamlDotNet.Core.Events.SequenceStyle.Flow };
        }
        using var writer = new StreamWriter(target);
        yaml.Save(writer, assignAnchors: false);
    }

    static string ProjectIn(string folder, string app) => Directory.EnumerateFiles(folder, "*.csproj").FirstOrDefault()
        ?? throw new LauncherException($"The app '{app}' is not a .NET project: it cannot be published.", ExitCodes.Missing);
}
