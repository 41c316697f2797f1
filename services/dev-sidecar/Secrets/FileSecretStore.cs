using System.Text.Json;
using DevSidecar.Components;

namespace DevSidecar.Secrets;

/// <summary><c>secretstores.local.file</c>: a JSON file, read once. Nested objects become <c>a:b</c> keys, or maps with multiValued.</summary>
sealed class FileSecretStore : ISecretStore
{
    readonly Dictionary<string, IReadOnlyDictionary<string, string>> _secrets = new(StringComparer.Ordinal);

    public FileSecretStore(ComponentMetadata metadata)
    {
        var file = metadata.Required("secretsFile");
        var separator = metadata["nestedSeparator"] ?? ":";
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(file));
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                throw metadata.Error("secretsFile", $"names '{file}', which holds no JSON object");
            }

            if (metadata.Flag("multiValued"))
            {
                foreach (var member in document.RootElement.EnumerateObject())
                {
                    _secrets[member.Name] = member.Value.ValueKind == JsonValueKind.Object
                        ? Flatten(member.Value, separator)
                        : new Dictionary<string, string>(StringComparer.Ordinal) { [member.Name] = member.Value.ToString() };
                }

                return;
            }

            foreach (var (name, value) in Flatten(document.RootElement, separator))
            {
                _secrets[name] = new Dictionary<string, string>(StringComparer.Ordinal) { [name] = value };
            }
        }
        catch (Exception e) when (e is IOException or JsonException or UnauthorizedAccessException)
        {
            throw metadata.Error("secretsFile", $"cannot be read: {e.Message}");
        }
    }

    public IReadOnlyDictionary<string, string>? Get(string name) => _secrets.GetValueOrDefault(name);

    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> All() => _secrets;

    static Dictionary<string, string> Flatten(JsonElement element, string separator)
    {
        var flat = new Dictionary<string, string>(StringComparer.Ordinal);
        Add(element, "");
        return flat;

        void Add(JsonElement at, string path)
        {
            switch (at.ValueKind)
            {
                case JsonValueKind.Object:
                    foreach (var member in at.EnumerateObject())
                    {
                        Add(member.Value, path.Length == 0 ? member.Name : path + separator + member.Name);
                    }

                    break;
                case JsonValueKind.Array:
                    var index = 0;
                    foreach (var item in at.EnumerateArray())
                    {
                        Add(item, $"{path}{separator}{index++}");
                    }

                    break;
                default:
                    flat[path] = at.ToString();
                    break;
            }
        }
    }
}
