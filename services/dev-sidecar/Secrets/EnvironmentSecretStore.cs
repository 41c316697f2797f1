namespace DevSidecar.Secrets;

/// <summary><c>secretstores.local.env</c>: environment variables, optionally under a prefix. Dapr's own tokens are never handed out.</summary>
sealed class EnvironmentSecretStore(IReadOnlyDictionary<string, string> environment, string prefix) : ISecretStore
{
    public IReadOnlyDictionary<string, string>? Get(string name) =>
        Allowed(prefix + name) && environment.TryGetValue(prefix + name, out var value)
            ? new Dictionary<string, string>(StringComparer.Ordinal) { [name] = value }
            : null;

    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> All() => environment
        .Where(v => v.Key.StartsWith(prefix, StringComparison.Ordinal) && Allowed(v.Key))
        .ToDictionary(
            v => v.Key[prefix.Length..],
            v => (IReadOnlyDictionary<string, string>)new Dictionary<string, string>(StringComparer.Ordinal) { [v.Key[prefix.Length..]] = v.Value },
            StringComparer.Ordinal);

    static bool Allowed(string variable) =>
        !variable.Equals("APP_API_TOKEN", StringComparison.OrdinalIgnoreCase) && !variable.StartsWith("DAPR_", StringComparison.OrdinalIgnoreCase);
}
