using System.Diagnostics;
using System.Globalization;

namespace Forewarn.Launcher.Platform;

/// <summary>Whose a file is. .NET does not tell, and the layout of <c>stat</c> differs between platforms; the tool of that name does not.</summary>
static class FileOwner
{
    /// <summary>User id; null when it cannot be told.</summary>
    public static uint? Of(string path)
    {
        if (OperatingSystem.IsWindows() || Tools.Find("stat") is not { } stat)
            return null;
        string[] format = OperatingSystem.IsMacOS() ? ["-f", "%u"] : ["-c", "%u"];
        using var process = Process.Start(new ProcessStartInfo(stat, [.. format, path]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true });
        var text = process?.StandardOutput.ReadToEnd().Trim();
        process?.WaitForExit();
        return uint.TryParse(text, CultureInfo.InvariantCulture, out var user) ? user : null;
    }
}
