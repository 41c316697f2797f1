using Microsoft.Playwright;

namespace Forewarn.BrowserTests;

/// <summary>Debian's Chromium through Playwright. Missing: skipped on a developer's machine, failed where CI says so.</summary>
static class Chromium
{
    static readonly string[] Paths = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

    public static string Path()
    {
        var path = Environment.GetEnvironmentVariable("FOREWARN_CHROMIUM") is { Length: > 0 } given ? given : Paths.FirstOrDefault(File.Exists);
        if (path is not null)
            return path;
        const string missing = "No Chromium is installed; on Debian: apt-get install chromium. Another one: FOREWARN_CHROMIUM=/path.";
        if (Environment.GetEnvironmentVariable("CI") == "true")
            Assert.Fail(missing);
        Assert.Skip(missing);
        return "";
    }

    public static Task<IBrowser> LaunchAsync(IPlaywright playwright) => playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
    {
        ExecutablePath = Path(),
        Args =
        [
            "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
            "--disable-background-networking", "--disable-component-update", "--disable-sync",
        ],
    });
}
