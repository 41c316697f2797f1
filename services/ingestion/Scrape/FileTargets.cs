namespace Forewarn.Ingestion;

/// <summary>The files of a job, read again when they change. A file that is broken keeps the groups it had, and is named in the log once.</summary>
sealed class FileTargets(IEnumerable<string> patterns, ILogger logger)
{
    readonly IReadOnlyList<string> _patterns = [.. patterns];
    readonly Dictionary<string, Known> _files = new(StringComparer.Ordinal);

    /// <summary>The groups of all files as they are now; those of files that are gone are gone too.</summary>
    public IReadOnlyList<TargetGroup> Read()
    {
        var paths = _patterns.SelectMany(Matches).Distinct(StringComparer.Ordinal).ToList();
        foreach (var gone in _files.Keys.Except(paths, StringComparer.Ordinal).ToList())
            _files.Remove(gone);
        foreach (var path in paths)
            Refresh(path);
        return [.. paths.SelectMany(path => _files[path].Groups)];
    }

    void Refresh(string path)
    {
        var known = _files.GetValueOrDefault(path) ?? new Known(default, -1, []);
        var file = new FileInfo(path);
        try
        {
            if (file.Exists && (file.LastWriteTimeUtc, file.Length) == (known.Written, known.Length))
                return;
            _files[path] = known with { Written = file.LastWriteTimeUtc, Length = file.Length };
            _files[path] = _files[path] with { Groups = TargetFile.Parse(path, File.ReadAllText(path)) };
        }
        catch (Exception broken) when (broken is FormatException or IOException or UnauthorizedAccessException)
        {
            _files.TryAdd(path, known);
            Log.TargetFileBroken(logger, path, broken.Message);
        }
    }

    static IEnumerable<string> Matches(string pattern)
    {
        var (folder, name) = (Path.GetDirectoryName(Path.GetFullPath(pattern))!, Path.GetFileName(pattern));
        return !Directory.Exists(folder) ? [] : Directory.EnumerateFiles(folder, name).Order(StringComparer.Ordinal);
    }

    sealed record Known(DateTime Written, long Length, IReadOnlyList<TargetGroup> Groups);
}
