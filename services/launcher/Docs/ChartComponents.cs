namespace Forewarn.Launcher.Docs;

/// <summary>
/// The copy of <c>components/</c> in the Helm chart: Helm reads nothing outside a chart's folder, and links are not followed
/// everywhere. The files of <c>components/</c> stay the source.
/// </summary>
static class ChartComponents
{
    /// <summary>What the chart must hold; a file without text must not be there. Nothing where there is no chart.</summary>
    public static IEnumerable<(string Path, string? Text)> Documents(string root)
    {
        var chart = Path.Combine(root, "deploy", "k8s", "forewarn");
        if (!Directory.Exists(chart))
            yield break;
        var target = Path.Combine(chart, "components");
        var files = Directory.EnumerateFiles(Path.Combine(root, "components"), "*.yaml").Order(StringComparer.Ordinal).ToList();
        foreach (var file in files)
            yield return (Path.Combine(target, Path.GetFileName(file)), File.ReadAllText(file));
        if (!Directory.Exists(target))
            yield break;
        foreach (var old in Directory.EnumerateFiles(target).Where(old => !files.Exists(file => Path.GetFileName(file) == Path.GetFileName(old))).Order(StringComparer.Ordinal))
            yield return (old, null);
    }
}
