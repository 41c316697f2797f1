namespace Forewarn.Launcher;

/// <summary>The checkout that this launcher was built from, and where things lie in it.</summary>
sealed record Checkout(string Root)
{
    public string Template => Path.Combine(Root, "dapr.yaml");
    public string Solution => Path.Combine(Root, "Forewarn.slnx");
    public string Dashboard => Path.Combine(Root, "dashboard");
    public string ModelStore => Path.Combine(Root, "model-store");
    public string Artifacts => Path.Combine(Root, "artifacts");
    public string PostgresPackage => Path.Combine(Root, "services", "launcher", "embedded-postgres");
    public string DefaultData => Path.Combine(Root, ".forewarn");

    /// <summary>The folder a project is built into, in the configuration that runs.</summary>
    public string Output(string project) => Path.Combine(Artifacts, "bin", project, "release");

    /// <exception cref="LauncherException">There is no checkout around this program.</exception>
    public static Checkout Find()
    {
        if (Environment.GetEnvironmentVariable("FOREWARN_ROOT") is { Length: > 0 } named)
            return new Checkout(Path.GetFullPath(named));
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "dapr.yaml")))
                return new Checkout(folder.FullName);
        }
        throw new LauncherException(
            $"No dapr.yaml above {AppContext.BaseDirectory}: start this program through ./forewarn in a checkout.", ExitCodes.Missing);
    }
}
