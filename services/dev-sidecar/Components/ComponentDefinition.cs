namespace DevSidecar.Components;

/// <summary>A <c>kind: Component</c> document as written, before secrets, environment and templates are filled in.</summary>
sealed record ComponentDefinition
{
    public required string File { get; init; }

    public required string Name { get; init; }

    public required string Namespace { get; init; }

    public required string Type { get; init; }

    public required string Version { get; init; }

    public bool IgnoreErrors { get; init; }

    public TimeSpan InitTimeout { get; init; } = TimeSpan.FromSeconds(5);

    public required IReadOnlyList<MetadataEntry> Metadata { get; init; }

    public string? SecretStore { get; init; }

    public required IReadOnlyList<string> Scopes { get; init; }

    /// <summary>pubsub, state, bindings or secretstores.</summary>
    public string Block => Type[..Type.IndexOf('.', StringComparison.Ordinal)];

    public bool IsVisibleTo(string appId) => Scopes.Count == 0 || Scopes.Contains(appId, StringComparer.Ordinal);
}

/// <summary>One metadata item: a literal value, a reference to a secret, or a reference to an environment variable.</summary>
sealed record MetadataEntry(string Name, string? Value, string? SecretName, string? SecretKey, string? EnvRef);
