namespace Forewarn.Launcher.Platform;

/// <summary>Where things lie in a data directory.</summary>
sealed record DataFolders(string Root)
{
    public string Postgres => Path.Combine(Root, "postgres");
    public string Log => Path.Combine(Root, "log");
    public string Logs => Path.Combine(Root, "logs");
    public string Models => Path.Combine(Root, "models");

    public LogFile LogOf(string label) => new(Path.Combine(Logs, label + ".log"));

    /// <summary>Creates what must be there. What services write is for this user alone; PostgreSQL may have to run as another.</summary>
    public void Create()
    {
        try
        {
            Directory.CreateDirectory(Root);
            foreach (var folder in new[] { Log, Logs, Models })
            {
                Directory.CreateDirectory(folder);
                if (!OperatingSystem.IsWindows())
                    File.SetUnixFileMode(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }
        }
        catch (Exception unable) when (unable is UnauthorizedAccessException or IOException)
        {
            throw new LauncherException($"{Root} cannot be written ({unable.Message}). Give another place with --data DIR, or change its owner.", ExitCodes.Missing, unable);
        }
    }

    /// <summary>Copies the models that come with the checkout, once; what is there already stays.</summary>
    public void SeedModels(string modelStore)
    {
        if (!Directory.Exists(modelStore) || !Directory.EnumerateFiles(modelStore, "*.onnx", SearchOption.AllDirectories).Any())
            return;
        foreach (var source in Directory.EnumerateFiles(modelStore, "*", SearchOption.AllDirectories).Where(file => Path.GetExtension(file) != ".md"))
        {
            var target = Path.Combine(Models, Path.GetRelativePath(modelStore, source));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            if (!File.Exists(target))
                File.Copy(source, target);
        }
    }
}
