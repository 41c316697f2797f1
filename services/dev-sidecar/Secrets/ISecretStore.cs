namespace DevSidecar.Secrets;

/// <summary>A secret store: a secret is a small map, usually with its own name as the only key.</summary>
interface ISecretStore
{
    IReadOnlyDictionary<string, string>? Get(string name);

    IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> All();
}
