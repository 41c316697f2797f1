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

    public static string[] Sidecar => Command("Forewarn.DevSidecar");
}
