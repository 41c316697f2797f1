using System.Text;
using System.Text.Json.Nodes;

namespace Forewarn.Deploy.Tests;

/// <summary>Runs <c>deploy/k8s/secrets.sh</c> against a kubectl that keeps secrets in a folder.</summary>
static class SecretsScript
{
    const string Kubectl = """
        #!/usr/bin/env bash
        # kubectl [--namespace N] get secret|namespace NAME | create namespace NAME | create --filename -
        [ "$1" != --namespace ] || { echo "$2" > "$STORE/namespace-used"; shift 2; }
        case "$1 $2" in
        "get secret") [ -f "$STORE/$3.yaml" ] ;;
        "get namespace") [ -f "$STORE/namespace" ] ;;
        "create namespace") echo "$3" > "$STORE/namespace" ;;
        "create --filename") content=$(cat); name=$(sed -n 's/^  name: //p' <<< "$content"); printf '%s\n' "$content" > "$STORE/$name.yaml" ;;
        *) echo "unexpected: $*" >&2; exit 9 ;;
        esac
        """;

    /// <summary>Contents by secret and key, decoded, after the script has run as often as there are lists of arguments.</summary>
    public static async Task<(Rendered Last, IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> Made)> RunAsync(params string[][] runs)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "the script is for a shell");
        var folder = Directory.CreateTempSubdirectory("forewarn-secrets-").FullName;
        try
        {
            var kubectl = Path.Combine(folder, "kubectl");
            await File.WriteAllTextAsync(kubectl, Kubectl);
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(kubectl, UnixFileMode.UserRead | UnixFileMode.UserExecute);
            var environment = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["STORE"] = folder,
                ["PATH"] = $"{folder}:{Environment.GetEnvironmentVariable("PATH")}",
            };
            Rendered? last = null;
            foreach (var arguments in runs is [] ? [[]] : runs)
                last = await HelmRenderer.ExecuteAsync("bash", [Repository.PathOf("deploy", "k8s", "secrets.sh"), .. arguments], folder, environment);
            return (last!, Directory.EnumerateFiles(folder, "*.yaml").ToDictionary(file => Path.GetFileNameWithoutExtension(file)!, Contents, StringComparer.Ordinal));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    static IReadOnlyDictionary<string, string> Contents(string file)
    {
        var secret = new Manifest((JsonObject)YamlJson.Read(File.ReadAllText(file)).Single());
        KubernetesTypes.Mistake(secret).ShouldBeNull();
        return secret.Root["data"]!.AsObject().ToDictionary(
            pair => pair.Key, pair => Encoding.UTF8.GetString(Convert.FromBase64String((string)pair.Value!)), StringComparer.Ordinal);
    }
}
