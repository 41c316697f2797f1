namespace Forewarn.Launcher.Docs;

/// <summary>
/// What the Helm chart holds copies of: Helm reads nothing outside a chart's folder, and links are not followed everywhere. The
/// files outside stay the source.
/// </summary>
static class ChartFiles
{
    static readonly (string Source, string Pattern, string Target)[] Copied =
    [
        ("components", "*.yaml", "components"),
        (Path.Combine("deploy", "prometheus", "rules"), "*.yaml", "rules"),
        (Path.Combine("deploy", "grafana", "boards"), "*.json", "boards"),
    ];

    /// <summary>What the chart must hold; a file without text must not be there. Nothing where there is no chart.</summary>
    public static IEnumerable<(string Path, string? Text)> Documents(string root)
    {
        var chart = Path.Combine(root, "deploy", "k8s", "forewarn");
        return Directory.Exists(chart)
            ? Copied.SelectMany(copy => Documents(Path.Combine(root, copy.Source), copy.Pattern, Path.Combine(chart, copy.Target)))
            : [];
    }

    static IEnumerable<(string Path, string? Text)> Documents(string source, string pattern, string target)
    {
        var files = Files(source, pattern);
        foreach (var file in files)
            yield return (Path.Combine(target, Path.GetFileName(file)), File.ReadAllText(file));
        foreach (var old in Files(target, "*").Where(old => !files.Exists(file => Path.GetFileName(file) == Path.GetFileName(old))))
            yield return (old, null);
    }

    static List<string> Files(string folder, string pattern) =>
        Directory.Exists(folder) ? [.. Directory.EnumerateFiles(folder, pattern).Order(StringComparer.Ordinal)] : [];
}
