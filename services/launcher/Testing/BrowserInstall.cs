using Forewarn.Launcher.Platform;

namespace Forewarn.Launcher.Testing;

/// <summary>The browser tests drive the distribution's Chromium. On Debian root may install it; elsewhere a person has to.</summary>
static class BrowserInstall
{
    static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome"];

    public static string? Path => Names.Select(Tools.Find).FirstOrDefault(path => path is not null);

    public static async Task<StepResult> EnsureAsync(CancellationToken cancellationToken)
    {
        if (Path is { } present)
            return StepResult.Check(true, present);
        if (!Libc.IsRoot || Tools.Find("apt-get") is not { } apt)
            return StepResult.Check(false, "The browser tests need Chromium. Install it: apt-get install chromium (Debian), dnf install chromium (Fedora), brew install chromium (macOS).");
        KeyValuePair<string, string>[] environment = [new("DEBIAN_FRONTEND", "noninteractive")];
        var (updated, updating) = await Tools.RunAsync(apt, ["update"], "/", cancellationToken, environment);
        var (installed, installing) = updated != 0
            ? (updated, "")
            : await Tools.RunAsync(apt, ["install", "-y", "--no-install-recommends", "chromium"], "/", cancellationToken, environment);
        return StepResult.Check(installed == 0 && Path is not null, updating + installing);
    }
}
