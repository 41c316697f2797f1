namespace Forewarn.Launcher.Publishing;

/// <summary>Copies a folder with everything in it; the mode of each file comes along, links become what they point to.</summary>
static class FolderCopy
{
    /// <exception cref="LauncherException">There is no such folder.</exception>
    public static void Copy(string from, string to)
    {
        if (!Directory.Exists(from))
            throw new LauncherException($"{from} is missing: start through ./forewarn up once, which makes it.", ExitCodes.Missing);
        Directory.CreateDirectory(to);
        foreach (var folder in Directory.EnumerateDirectories(from))
            Copy(folder, Path.Combine(to, Path.GetFileName(folder)));
        foreach (var file in Directory.EnumerateFiles(from))
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)), overwrite: true);
    }
}
