namespace DevSidecar.Components;

/// <summary>What the templates of component metadata become for one replica.</summary>
sealed record TemplateValues(string AppId, string InstanceId, string Namespace = "default")
{
    static readonly string[] Names = ["{uuid}", "{podName}", "{namespace}", "{appID}"];

    public static bool Appears(string value) => Names.Any(n => value.Contains(n, StringComparison.Ordinal));

    public string Expand(string value) => value
        .Replace("{uuid}", InstanceId, StringComparison.Ordinal)
        .Replace("{podName}", InstanceId, StringComparison.Ordinal)
        .Replace("{namespace}", $"{Namespace}.{AppId}", StringComparison.Ordinal)
        .Replace("{appID}", AppId, StringComparison.Ordinal);
}

/// <summary>Fills in <c>secretKeyRef</c>, <c>envRef</c> and templates.</summary>
sealed class MetadataResolver(IReadOnlyDictionary<string, string> environment, Func<string, string, string, string?> secret)
{
    /// <summary>With <paramref name="templates"/> null, templates stay as written.</summary>
    public ComponentMetadata Resolve(ComponentDefinition component, TemplateValues? templates)
    {
        var values = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var entry in component.Metadata)
        {
            var value = Value(component, entry);
            values[entry.Name] = templates is null ? value : templates.Expand(value);
        }

        return new(component, values);
    }

    string Value(ComponentDefinition component, MetadataEntry entry)
    {
        var where = $"component '{component.Name}' in {component.File}: metadata key '{entry.Name}'";
        if (entry.SecretName is { } name)
        {
            var store = component.SecretStore
                ?? throw new SidecarConfigurationException($"{where} refers to a secret, but auth.secretStore is not set. Name the secret store there.");
            return secret(store, name, entry.SecretKey ?? name)
                ?? throw new SidecarConfigurationException($"{where}: secret '{name}' (key '{entry.SecretKey}') is not in secret store '{store}'.");
        }

        if (entry.EnvRef is { } variable)
        {
            if (variable == "APP_API_TOKEN" || variable.StartsWith("DAPR_", StringComparison.Ordinal))
            {
                throw new SidecarConfigurationException($"{where}: envRef '{variable}' is not allowed (APP_API_TOKEN and DAPR_* are denied).");
            }

            return environment.GetValueOrDefault(variable, "");
        }

        return entry.Value ?? "";
    }
}
