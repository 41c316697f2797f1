using YamlDotNet.Core;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace Forewarn.Launcher.Platform;

/// <summary>The part of a <c>dapr.yaml</c> (Dapr's multi-app run template, version 1) that matters without the Dapr CLI.</summary>
sealed record AppTemplate(string Name, IReadOnlyList<string> ResourcesPaths, IReadOnlyList<AppDefinition> Apps)
{
    /// <exception cref="LauncherException">The file is missing, unreadable or incomplete.</exception>
    public static AppTemplate Load(string path)
    {
        if (!File.Exists(path))
            throw new LauncherException($"{path} is missing: it lists the services to start.", ExitCodes.Missing);
        return Parse(File.ReadAllText(path), Path.GetDirectoryName(path)!, path);
    }

    /// <param name="directory">What relative paths in the template are relative to.</param>
    /// <param name="source">For messages.</param>
    internal static AppTemplate Parse(string yaml, string directory, string source)
    {
        Document document;
        try
        {
            document = new DeserializerBuilder().WithNamingConvention(CamelCaseNamingConvention.Instance).IgnoreUnmatchedProperties().Build()
                .Deserialize<Document>(yaml) ?? new Document();
        }
        catch (YamlException invalid)
        {
            throw new LauncherException($"{source}, line {invalid.Start.Line}: {invalid.InnerException?.Message ?? invalid.Message}", ExitCodes.Missing, invalid);
        }
        if (document.Apps.Count == 0)
            throw new LauncherException($"{source} lists no apps.", ExitCodes.Missing);
        var apps = document.Apps.Select(app => Define(app, document.Common, directory, source)).ToList();
        if (apps.GroupBy(app => app.AppId, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new LauncherException($"{source} lists the app '{twice.Key}' twice.", ExitCodes.Missing);
        return new AppTemplate(
            document.Name ?? Path.GetFileName(directory), [.. document.Common.ResourcesPaths.Select(path => Path.GetFullPath(path, directory))], apps);
    }

    static AppDefinition Define(App app, Common common, string directory, string source)
    {
        if (string.IsNullOrWhiteSpace(app.AppDirPath))
            throw new LauncherException($"{source}: the app '{app.AppID}' has no appDirPath.", ExitCodes.Missing);
        var folder = Path.GetFullPath(app.AppDirPath, directory);
        var environment = new Dictionary<string, string>(common.Env, StringComparer.Ordinal);
        foreach (var (name, value) in app.Env)
            environment[name] = value;
        return new AppDefinition(app.AppID ?? Path.GetFileName(folder), folder, [.. app.Command], environment, app.AppProtocol ?? common.AppProtocol ?? "http");
    }

    sealed class Document
    {
        public string? Name { get; set; }
        public Common Common { get; set; } = new();
        public List<App> Apps { get; set; } = [];
    }

    sealed class Common
    {
        public List<string> ResourcesPaths { get; set; } = [];
        public Dictionary<string, string> Env { get; set; } = [];
        public string? AppProtocol { get; set; }
    }

    sealed class App
    {
        [YamlMember(Alias = "appID", ApplyNamingConventions = false)]
        public string? AppID { get; set; }
        public string? AppDirPath { get; set; }
        public List<string> Command { get; set; } = [];
        public Dictionary<string, string> Env { get; set; } = [];
        public string? AppProtocol { get; set; }
    }
}

/// <param name="Command">How the Dapr CLI starts it; used here only for apps that are not .NET projects.</param>
sealed record AppDefinition(
    string AppId, string Directory, string[] Command, IReadOnlyDictionary<string, string> Environment, string Protocol);
