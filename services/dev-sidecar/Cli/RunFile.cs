using System.Globalization;
using DevSidecar.Components;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace DevSidecar.Cli;

/// <summary>
/// Reads Dapr's multi-app run file, version 1, as far as it has a meaning here. Keys about daprd's own logs, profiles,
/// metrics port and control plane have none and change nothing for an app. Others stop the start: an app that silently
/// runs without what its file says costs more time than an error.
/// </summary>
static class RunFile
{
    static readonly string[] WithoutMeaning =
    [
        "logLevel", "daprdLogDestination", "appLogDestination", "enableApiLogging", "enableProfiling", "profilePort", "metricsPort",
        "placementHostAddress", "schedulerHostAddress", "daprInternalGRPCPort", "runtimePath",
    ];

    static readonly string[] TopKeys = ["version", "name", "common", "apps"];
    static readonly string[] CommonKeys = ["resourcesPaths", "env", "appProtocol"];
    static readonly string[] AppKeys = ["appID", "appDirPath", "appPort", "daprHTTPPort", "daprGRPCPort", "command", "env", "resourcesPaths", "appProtocol"];

    /// <exception cref="SidecarConfigurationException">The file is missing or not understood; the message names the key.</exception>
    public static (IReadOnlyList<string> ResourcesPaths, IReadOnlyList<HostedApp> Apps) Read(string path)
    {
        if (!File.Exists(path))
        {
            throw new SidecarConfigurationException($"{path} does not exist. Name a dapr.yaml with -f.");
        }

        return Parse(File.ReadAllText(path), path);
    }

    internal static (IReadOnlyList<string> ResourcesPaths, IReadOnlyList<HostedApp> Apps) Parse(string yaml, string path)
    {
        var root = Load(yaml, path);
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        var (common, apps) = (root.Get("common"), root.Items("apps").ToList());
        RefuseUnknown(path, root, common, apps);
        if (apps.Count == 0)
        {
            throw new SidecarConfigurationException($"{path}: apps is empty; there is nothing to run.");
        }

        var hosted = apps.Select((app, index) => App(app, common, folder, $"{path}: apps[{index}]")).ToList();
        if (hosted.GroupBy(a => a.Registration.AppId, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1) is { } twice)
        {
            throw new SidecarConfigurationException($"{path}: the app '{twice.Key}' is listed twice. Give each its own appID.");
        }

        return (Resources(apps, common, folder, path), hosted);
    }

    static YamlMappingNode Load(string yaml, string path)
    {
        try
        {
            var stream = new YamlStream();
            stream.Load(new StringReader(yaml));
            return stream.Documents is [{ RootNode: YamlMappingNode root }]
                ? root
                : throw new SidecarConfigurationException($"{path}: one YAML document with 'apps' is expected.");
        }
        catch (YamlException e)
        {
            throw new SidecarConfigurationException($"{path}: not valid YAML at line {e.Start.Line}: {e.Message}", e);
        }
    }

    static void RefuseUnknown(string path, YamlNode root, YamlNode? common, List<YamlNode> apps)
    {
        var unknown = Unknown(root, "", TopKeys).Concat(Unknown(common, "common.", CommonKeys))
            .Concat(apps.SelectMany((app, index) => Unknown(app, string.Create(CultureInfo.InvariantCulture, $"apps[{index}]."), AppKeys)))
            .ToList();
        if (unknown.Count > 0)
        {
            throw new SidecarConfigurationException(
                $"{path}: {string.Join(", ", unknown)} {(unknown.Count == 1 ? "is" : "are")} not supported by this sidecar; remove what you can do without. "
                + $"Supported are common: {string.Join(", ", CommonKeys)}; apps: {string.Join(", ", AppKeys)}.");
        }

        var protocol = apps.Append(common).Select(n => n.Text("appProtocol")).FirstOrDefault(p => p is not (null or "http"));
        if (protocol is not null)
        {
            throw new SidecarConfigurationException($"{path}: appProtocol '{protocol}' is not supported; apps are called over http.");
        }

        if (root.Text("version") is { } version and not "1")
        {
            throw new SidecarConfigurationException($"{path}: version '{version}' is unknown; it must be 1.");
        }
    }

    static IEnumerable<string> Unknown(YamlNode? node, string where, string[] known) =>
        node.Members().Select(m => m.Name).Where(n => !known.Contains(n, StringComparer.Ordinal) && (where.Length == 0 || !WithoutMeaning.Contains(n, StringComparer.Ordinal))).Select(n => where + n);

    static HostedApp App(YamlNode app, YamlNode? common, string folder, string where)
    {
        var directory = Path.GetFullPath(app.Text("appDirPath") ?? throw new SidecarConfigurationException($"{where}: appDirPath is missing."), folder);
        if (!Directory.Exists(directory))
        {
            throw new SidecarConfigurationException($"{where}: appDirPath '{directory}' does not exist.");
        }

        var environment = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in common.Get("env").Members().Concat(app.Get("env").Members()))
        {
            environment[name] = (value as YamlScalarNode)?.Value ?? throw new SidecarConfigurationException($"{where}: env.{name} must be a text.");
        }

        var port = Port(app, "appPort", where);
        if (port is null)
        {
            port = FreePorts.Next();
            // ASP.NET Core does not know APP_PORT: without this an app would listen where nobody looks for it.
            environment.TryAdd("ASPNETCORE_URLS", string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}"));
        }

        var registration = new AppRegistration
        {
            AppId = app.Text("appID") ?? Path.GetFileName(Path.TrimEndingDirectorySeparator(directory)),
            AppPort = port.Value,
            HttpPort = Port(app, "daprHTTPPort", where) ?? 0,
            GrpcPort = Port(app, "daprGRPCPort", where) ?? 0,
        };
        return new(registration, app.Texts("command"), directory, environment);
    }

    /// <summary>One set for all: apps that see each other share a runtime, and with it the components. Scopes tell them apart.</summary>
    static List<string> Resources(List<YamlNode> apps, YamlNode? common, string folder, string path)
    {
        var sets = apps.Select(a => a.Texts("resourcesPaths") is { Count: > 0 } own ? own : common.Texts("resourcesPaths"))
            .Select(s => s.Select(p => Path.GetFullPath(p, folder)).ToList())
            .ToList();
        return sets.TrueForAll(s => s.SequenceEqual(sets[0], StringComparer.Ordinal))
            ? sets[0] is { Count: > 0 } found ? found : throw new SidecarConfigurationException($"{path}: resourcesPaths is missing; name the folders of Dapr YAML in common.")
            : throw new SidecarConfigurationException($"{path}: resourcesPaths differ between apps, which is not supported. Put them in common and use scopes in the components.");
    }

    static int? Port(YamlNode app, string name, string where) => app.Text(name) switch
    {
        null => null,
        var text when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port <= 65535 => port,
        var text => throw new SidecarConfigurationException($"{where}: {name} '{text}' is no port (0 to 65535)."),
    };
}
