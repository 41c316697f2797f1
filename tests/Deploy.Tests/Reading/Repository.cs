using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Forewarn.Testing;

namespace Forewarn.Deploy.Tests;

/// <summary>What the repository says, that manifests must agree with.</summary>
static partial class Repository
{
    public static string PathOf(params string[] parts) => Path.Combine([Checkout.Root, .. parts]);

    /// <summary>App ids of dapr.yaml.</summary>
    public static IReadOnlyList<string> Apps { get; } =
        [.. YamlJson.Read(File.ReadAllText(PathOf("dapr.yaml")))[0]["apps"]!.AsArray().Select(app => (string)app!["appID"]!)];

    /// <summary>Documents of components/ with the file each stands in.</summary>
    public static IReadOnlyList<(string File, JsonObject Document)> Components { get; } =
    [
        .. Directory.EnumerateFiles(PathOf("components"), "*.yaml").Order(StringComparer.Ordinal)
            .SelectMany(file => YamlJson.Read(File.ReadAllText(file)).Select(document => (Path.GetFileName(file), (JsonObject)document))),
    ];

    /// <summary>Variables of docs/config.md with who reads them; the document is written from the services' options.</summary>
    public static IReadOnlyList<Setting> Settings { get; } = [.. ReadSettings()];

    /// <summary>What services read as members of their consumer groups: app, component, topic. Broadcasts are read by every replica.</summary>
    public static IReadOnlyList<(string App, string Component, string Topic)> Subscriptions { get; } =
    [
        .. from folder in Directory.EnumerateDirectories(PathOf("services"))
           let app = Path.GetFileName(folder)
           where Apps.Contains(app) && Directory.Exists(Path.Combine(folder, "Subscriptions"))
           from file in Directory.EnumerateFiles(Path.Combine(folder, "Subscriptions"), "*.cs")
           from Match match in Subscription().Matches(File.ReadAllText(file))
           where match.Groups["component"].Value != "Broadcast"
           select (app, match.Groups["component"].Value.ToLowerInvariant(), TopicOf(match.Groups["topic"].Value)),
    ];

    /// <summary><c>MetricsRaw</c> as <c>Topics</c> writes it: <c>metrics.raw</c>.</summary>
    static string TopicOf(string name) =>
        Regex.Match(File.ReadAllText(PathOf("services", "shared", "contracts", "Topics.cs")), $"const string {name} = \"(?<text>[^\"]+)\"", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1))
            .Groups["text"].Value;

    static IEnumerable<Setting> ReadSettings()
    {
        var reader = "";
        foreach (var line in File.ReadLines(PathOf("docs", "config.md")))
        {
            if (line.StartsWith("Read by `", StringComparison.Ordinal))
                reader = line.Split('`')[1];
            else if (line.StartsWith("| `", StringComparison.Ordinal))
                yield return new Setting(line.Split('`')[1], reader, line.Split(" | ")[2].Trim('`', ' '));
        }
    }

    [GeneratedRegex(@"MapBulkSubscription\(\s*Components\.(?<component>\w+),\s*Topics\.(?<topic>\w+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Subscription();
}

/// <summary>A variable of docs/config.md.</summary>
/// <param name="Reader">A service's folder, or who else.</param>
sealed record Setting(string Variable, string Reader, string Default)
{
    /// <summary>Whether a service reads the variable; <c>NAME</c> and numbers in it stand for those of the user.</summary>
    public bool IsReadBy(string service, string variable) =>
        (Reader == $"services/{service}" || !Reader.StartsWith("services/", StringComparison.Ordinal))
        && Regex.IsMatch(variable, $"^{Regex.Escape(Variable).Replace("__0", "__[0-9]+", StringComparison.Ordinal).Replace("__NAME", "__[A-Za-z0-9_]+", StringComparison.Ordinal)}$", RegexOptions.None, TimeSpan.FromSeconds(1));
}
