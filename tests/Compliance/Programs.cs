namespace Forewarn.Compliance;

/// <summary>Programs that lie beside the suite.</summary>
static class Programs
{
    /// <summary>Sidecar and mock broker, as a command: by themselves in a published folder, which brings .NET, else with the machine's.</summary>
    public static string[] Command(string program)
    {
        var file = Path.Combine(AppContext.BaseDirectory, program);
        var bringsDotnet = Directory.EnumerateFiles(AppContext.BaseDirectory, "*coreclr*").Any();
        return bringsDotnet ? [file] : ["dotnet", file + ".dll"];
    }

    /// <summary>The checkout these tests were built in; null in a published folder.</summary>
    public static string? Root
    {
        get
        {
            var folder = new DirectoryInfo(AppContext.BaseDirectory);
            while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Forewarn.slnx")))
            {
                folder = folder.Parent;
            }

            return folder?.FullName;
        }
    }

    public static bool IsOnPath(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, program)));

    public static string[] Sidecar => Command("Forewarn.DevSidecar");
}
