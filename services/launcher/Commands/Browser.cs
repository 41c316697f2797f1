using System.Diagnostics;
using Forewarn.Launcher.Platform;

namespace Forewarn.Launcher.Commands;

/// <summary>Opens an address in the person's browser, where there is a person with a browser.</summary>
static class Browser
{
    public static void TryOpen(string address)
    {
        var opener = Opener();
        if (opener is null)
            return;
        try
        {
            var start = new ProcessStartInfo(opener.Value.Program, opener.Value.Arguments.Append(address)) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
            Process.Start(start)?.Dispose();
        }
        catch (System.ComponentModel.Win32Exception)
        {
            // The address is on the screen; opening it is a convenience.
        }
    }

    static (string Program, string[] Arguments)? Opener()
    {
        if (OperatingSystem.IsWindows())
            return ("rundll32", ["url.dll,FileProtocolHandler"]);
        if (OperatingSystem.IsMacOS())
            return ("open", []);
        var hasDisplay = !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("DISPLAY")) || !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("WAYLAND_DISPLAY"));
        return hasDisplay && Tools.Find("xdg-open") is { } open ? (open, []) : null;
    }
}
