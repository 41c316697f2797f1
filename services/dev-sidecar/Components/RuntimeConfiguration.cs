namespace DevSidecar.Components;

/// <summary>The Configuration documents, as far as this sidecar acts on them: feature flags and secret scopes.</summary>
sealed class RuntimeConfiguration
{
    static readonly string[] Harmless = ["tracing", "metric", "metrics", "logging", "mtls", "nameResolution"];

    readonly HashSet<string> _features = new(StringComparer.Ordinal);
    readonly Dictionary<string, (bool AllowByDefault, HashSet<string> Allowed, HashSet<string> Denied)> _secretScopes = new(StringComparer.Ordinal);

    public RuntimeConfiguration(IEnumerable<ResourceDocument> documents, ILogger logger)
    {
        foreach (var document in documents)
        {
            foreach (var (section, node) in document.Spec.Members())
            {
                switch (section)
                {
                    case "features":
                        _features.UnionWith(document.Spec.Items("features").Where(f => f.Flag("enabled")).Select(f => f.Text("name") ?? ""));
                        break;
                    case "secrets":
                        foreach (var scope in node.Items("scopes"))
                        {
                            _secretScopes[scope.Text("storeName") ?? ""] = (
                                scope.Text("defaultAccess") != "deny",
                                [.. scope.Texts("allowedSecrets")],
                                [.. scope.Texts("deniedSecrets")]);
                        }

                        break;
                    case var other when Harmless.Contains(other, StringComparer.Ordinal):
                        Log.ConfigurationSectionIgnored(logger, document.Name, other);
                        break;
                    default:
                        // Sections that restrict access must not be skipped in silence.
                        throw new SidecarConfigurationException(
                            $"configuration '{document.Name}' in {document.File}: section '{section}' is not supported by this version. Remove it or run daprd.");
                }
            }
        }
    }

    public IReadOnlyCollection<string> Features => _features;

    /// <summary>The allow list wins over the deny list, both over the default.</summary>
    public bool MayReadSecret(string store, string secret) =>
        !_secretScopes.TryGetValue(store, out var scope)
        || (scope.Allowed.Count > 0 ? scope.Allowed.Contains(secret) : !scope.Denied.Contains(secret) && scope.AllowByDefault);
}
