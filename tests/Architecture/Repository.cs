using System.Xml.Linq;

namespace Forewarn.Architecture;

/// <summary>The checkout these tests were built from, as text.</summary>
static class Repository
{
    public static string Root { get; } = FindRoot();

    /// <summary>Services with a Dapr app id: everything in services/ but what runs beside them.</summary>
    public static readonly string[] Services =
        ["alerting", "gateway", "history", "ingestion", "predictor", "stream-processor", "trainer"];

    public static string PathOf(string relative) => Path.Combine(Root, relative);

    public static string Read(string relative) => File.ReadAllText(PathOf(relative));

    public static IEnumerable<string> Files(string folder, string pattern) => Directory
        .EnumerateFiles(PathOf(folder), pattern, SearchOption.AllDirectories)
        .Select(path => Path.GetRelativePath(Root, path).Replace('\\', '/'))
        .Where(path => !path.Contains("/node_modules/", StringComparison.Ordinal) && !path.Contains("/obj/", StringComparison.Ordinal)
            && !path.Contains("/dist/", StringComparison.Ordinal));

    public static string ProjectOf(string folder) => Files(folder, "*.csproj").Single(path => Path.GetDirectoryName(path)!.Replace('\\', '/') == folder);

    public static string[] References(string project, string kind) =>
        [.. XDocument.Load(PathOf(project)).Descendants(kind).Select(reference => reference.Attribute("Include")!.Value)];

    static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Forewarn.slnx")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException($"No Forewarn.slnx above {AppContext.BaseDirectory}.");
    }
}
