namespace Forewarn.Launcher.Platform;

/// <summary>At most one <c>up</c> per data directory: a locked file, which the system unlocks when the process ends in whatever way.</summary>
sealed class RunLock : IDisposable
{
    readonly FileStream _file;

    RunLock(FileStream file) => _file = file;

    /// <summary>Null when another process holds it.</summary>
    /// <exception cref="LauncherException">The data directory cannot be written.</exception>
    public static RunLock? TryTake(string dataDirectory)
    {
        var path = Path.Combine(dataDirectory, "run", "lock");
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        }
        catch (Exception unable) when (unable is UnauthorizedAccessException or IOException)
        {
            throw NotWritable(dataDirectory, unable);
        }
        try
        {
            return new RunLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (UnauthorizedAccessException unable)
        {
            throw NotWritable(dataDirectory, unable);
        }
        catch (IOException)
        {
            return null;
        }
    }

    public void Dispose() => _file.Dispose();

    static LauncherException NotWritable(string dataDirectory, Exception inner) => new(
        $"{dataDirectory} cannot be written ({inner.Message}). Give another place with --data DIR, or change its owner.", ExitCodes.Missing, inner);
}
