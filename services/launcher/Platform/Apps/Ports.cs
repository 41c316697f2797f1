using System.Globalization;
using DevSidecar;

namespace Forewarn.Launcher.Platform;

/// <summary>Requires ports to be free, and tells who has a taken one.</summary>
static class Ports
{
    static readonly string[] ListenerTables = ["/proc/net/tcp", "/proc/net/tcp6"];

    /// <exception cref="LauncherException">The port is taken; the message names it, its owner if the system tells, and the remedy.</exception>
    public static void Require(int port, string what, string remedy)
    {
        if (FreePorts.IsFree(port))
            return;
        var owner = OwnerOf(port) is { } known ? $" by {known}" : "";
        throw new LauncherException(
            string.Create(CultureInfo.InvariantCulture, $"Port {port} ({what}) is taken{owner}. {remedy}"), ExitCodes.PortTaken);
    }

    /// <summary><c>process 4711 (command line)</c>; null when the system does not tell.</summary>
    public static string? OwnerOf(int port)
    {
        if (!OperatingSystem.IsLinux())
            return null;
        var inodes = ListenerTables.Where(File.Exists).SelectMany(File.ReadLines)
            .Select(line => ListeningInode(line, port)).OfType<string>().Select(inode => $"socket:[{inode}]").ToHashSet(StringComparer.Ordinal);
        if (inodes.Count == 0)
            return null;
        foreach (var folder in Directory.EnumerateDirectories("/proc").Where(name => int.TryParse(Path.GetFileName(name), CultureInfo.InvariantCulture, out _)))
        {
            if (Descriptors(folder).Any(inodes.Contains))
                return $"process {Path.GetFileName(folder)} ({CommandLine(folder)})";
        }
        return null;
    }

    /// <summary>The socket's inode if this line of <c>/proc/net/tcp</c> is a listener on the port.</summary>
    internal static string? ListeningInode(string line, int port)
    {
        var fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        const int local = 1, state = 3, inode = 9;
        return fields.Length > inode && fields[state] == "0A"
            && fields[local].EndsWith(":" + port.ToString("X4", CultureInfo.InvariantCulture), StringComparison.Ordinal)
            ? fields[inode]
            : null;
    }

    static IEnumerable<string> Descriptors(string processFolder)
    {
        try
        {
            return [.. Directory.EnumerateFiles(Path.Combine(processFolder, "fd")).Select(file => new FileInfo(file).LinkTarget ?? "")];
        }
        catch (Exception hidden) when (hidden is UnauthorizedAccessException or IOException)
        {
            return [];
        }
    }

    static string CommandLine(string processFolder)
    {
        try
        {
            var words = File.ReadAllText(Path.Combine(processFolder, "cmdline")).TrimEnd('\0').Replace('\0', ' ');
            return words.Length <= 100 ? words : words[..100] + "...";
        }
        catch (Exception gone) when (gone is UnauthorizedAccessException or IOException)
        {
            return "?";
        }
    }
}
