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

    /// <summary>
    /// Told apart by content: where links lead to the files, as in a ConfigMap's mount, a whole folder is exchanged at once, and what a
    /// path says of time and length may stay the same.
    /// </summary>
    void Refresh(string path)
    {
        var known = _files.GetValueOrDefault(path) ?? new Known(null, [], null);
        try
        {
            var text = File.ReadAllText(path);
            if (string.Equals(text, known.Text, StringComparison.Ordinal))
                return;
            _files[path] = known = known with { Text = text };
            _files[path] = new Known(text, TargetFile.Parse(path, text), null);
        }
        catch (Exception broken) when (broken is FormatException or IOException or UnauthorizedAccessException)
        {
            // One that is away for a moment and comes back as it was is read again.
            _files[path] = known with { Text = broken is FormatException ? known.Text : null, Mistake = broken.Message };
            if (broken.Message != known.Mistake)
                Log.TargetFileBroken(logger, path, broken.Message);
        }
    }

    static IEnumerable<string> Matches(string pattern)
    {
        var (folder, name) = (Path.GetDirectoryName(Path.GetFullPath(pattern))!, Path.GetFileName(pattern));
        return !Directory.Exists(folder) ? [] : Directory.EnumerateFiles(folder, name).Order(StringComparer.Ordinal);
    }

    sealed record Known(string? Text, IReadOnlyList<TargetGroup> Groups, string? Mistake);
}
