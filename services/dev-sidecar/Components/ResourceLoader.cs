using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace DevSidecar.Components;

/// <summary>One Dapr document of a resources folder.</summary>
sealed record ResourceDocument(string File, string ApiVersion, string Kind, string Name, YamlNode Root)
{
    public YamlNode? Spec => Root.Get("spec");

    public IReadOnlyList<string> Scopes => Root.Texts("scopes");
}

/// <summary>Reads the flat resources folders. Documents of other API groups than dapr.io are somebody else's and skipped.</summary>
static class ResourceLoader
{
    public static IReadOnlyList<ResourceDocument> Load(IEnumerable<string> folders, ILogger logger)
    {
        var documents = new List<ResourceDocument>();
        foreach (var folder in folders)
        {
            if (!Directory.Exists(folder))
            {
                throw new SidecarConfigurationException($"The resources folder '{folder}' does not exist. Create it or correct the path.");
            }

            var files = Directory.EnumerateFiles(folder)
                .Where(f => Path.GetExtension(f) is ".yaml" or ".yml")
                .Order(StringComparer.Ordinal);
            foreach (var file in files)
            {
                documents.AddRange(Parse(file, File.ReadAllText(file), logger));
            }
        }

        return documents;
    }

    public static IEnumerable<ResourceDocument> Parse(string file, string text, ILogger logger)
    {
        var stream = new YamlStream();
        try
        {
            stream.Load(new StringReader(text));
        }
        catch (YamlException e)
        {
            throw new SidecarConfigurationException($"{file}: not valid YAML at line {e.Start.Line}: {e.Message}", e);
        }

        foreach (var root in stream.Documents.Select(d => d.RootNode).OfType<YamlMappingNode>())
        {
            var apiVersion = root.Text("apiVersion") ?? "";
            var kind = root.Text("kind") ?? "";
            if (!apiVersion.StartsWith("dapr.io/", StringComparison.Ordinal))
            {
                Log.DocumentIgnored(logger, file, kind, apiVersion);
                continue;
            }

            var name = root.Get("metadata").Text("name")
                ?? throw new SidecarConfigurationException($"{file}: a {kind} document has no metadata.name.");
            yield return kind is "Component" or "Subscription" or "Resiliency" or "Configuration"
                ? new(file, apiVersion, kind, name, root)
                : throw new SidecarConfigurationException(
                    $"{file}: kind '{kind}' ('{name}') is not supported. Known kinds: Component, Subscription, Resiliency, Configuration.");
        }
    }

    public static ComponentDefinition Component(ResourceDocument document)
    {
        var spec = document.Spec;
        var where = $"component '{document.Name}' in {document.File}";
        var type = spec.Text("type") ?? throw new SidecarConfigurationException($"{where}: spec.type is missing.");
        if (!type.Contains('.', StringComparison.Ordinal))
        {
            throw new SidecarConfigurationException($"{where}: type '{type}' is unknown to this sidecar.");
        }

        var component = new ComponentDefinition
        {
            File = document.File,
            Name = document.Name,
            Namespace = document.Root.Get("metadata").Text("namespace") ?? "default",
            Type = type,
            Version = spec.Text("version") ?? "v1",
            IgnoreErrors = spec.Flag("ignoreErrors"),
            InitTimeout = spec.Text("initTimeout") is { } timeout ? GoDuration.Parse(timeout, where + ": initTimeout") : TimeSpan.FromSeconds(5),
            Metadata = [.. spec.Items("metadata").Select(item => Entry(item, where))],
            SecretStore = document.Root.Get("auth").Text("secretStore"),
            Scopes = document.Scopes,
        };
        ComponentCatalog.Check(component);
        return component;
    }

    static MetadataEntry Entry(YamlNode item, string where)
    {
        var name = item.Text("name") ?? throw new SidecarConfigurationException($"{where}: a metadata item has no name.");
        var secret = item.Get("secretKeyRef");
        var secretName = secret.Text("name");
        return new(name, item.Text("value"), secretName, secret.Text("key") ?? secretName, item.Text("envRef"));
    }
}
