namespace Forewarn.Trainer;

/// <summary>
/// Finds labelled data below the given paths: NAB's layout (<c>data/group/file.csv</c>, <c>labels/combined_windows.json</c>),
/// folders with <c>train.csv.gz</c>, <c>test.csv.gz</c> and <c>labels.csv.gz</c>, folders of such folders, or a root of
/// several sets.
/// </summary>
static class DataReader
{
    /// <summary>A set is a folder of series, a root a folder of sets.</summary>
    const int Depth = 2;

    const string Expected = "Expected is a folder with data/ and labels/combined_windows.json (NAB), one with train.csv.gz, test.csv.gz and labels.csv.gz, or a folder of such folders.";

    /// <summary>The sets, in the order of the paths and by name within one.</summary>
    /// <param name="paths">Folders.</param>
    /// <param name="cadences">Seconds between rows, by set; files without times do not tell.</param>
    /// <exception cref="EvaluationException">A path does not exist, holds no data, or its data cannot be read.</exception>
    public static IReadOnlyList<LabelledSet> Read(IReadOnlyList<string> paths, Cadences cadences)
    {
        var sets = new List<LabelledSet>();
        foreach (var path in paths)
        {
            var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
            if (!Directory.Exists(full))
                throw new EvaluationException($"{path} is no folder. {Expected}");
            var found = Find(full, Depth).ToArray();
            if (found.Length == 0)
                throw new EvaluationException($"{path} holds no labelled data. {Expected}");
            sets.AddRange(found.Where(NabLayout.IsOne).Select(NabLayout.Read));
            foreach (var folders in found.Where(SeriesFolder.IsOne).GroupBy(folder => Path.GetFileName(Path.GetDirectoryName(folder)) ?? "", StringComparer.Ordinal))
            {
                var series = InParallel.Select([.. folders], folder => SeriesFolder.Read(folder, cadences.Of(folders.Key)));
                sets.Add(new LabelledSet(folders.Key, IsNab: false, series));
            }
        }
        return sets.Select(set => set.Name).Distinct(StringComparer.Ordinal).Count() == sets.Count
            ? sets
            : throw new EvaluationException($"Two sets have the same name ({string.Join(", ", sets.Select(set => set.Name))}): name each only once, or rename a folder.");
    }

    static IEnumerable<string> Find(string folder, int depth)
    {
        if (NabLayout.IsOne(folder) || SeriesFolder.IsOne(folder))
            return [folder];
        return depth == 0 ? [] : Directory.EnumerateDirectories(folder).Order(StringComparer.Ordinal).SelectMany(inner => Find(inner, depth - 1));
    }
}
