using System.Diagnostics;

namespace Forewarn.Deploy.Tests;

/// <summary>
/// Somebody without rights: <c>nobody</c> where the tests run as root, else whoever runs them. NuGet's packages of this machine are lent,
/// as links where that is possible.
/// </summary>
sealed class OrdinaryUser
{
    const string Id = "65534";

    readonly string _home;

    OrdinaryUser(string home) => _home = home;

    static bool IsRoot => Environment.IsPrivilegedProcess && !OperatingSystem.IsWindows();

    public static async Task<OrdinaryUser> CreateAsync(string home)
    {
        var user = new OrdinaryUser(Directory.CreateDirectory(home).FullName);
        if (!IsRoot)
            return user;
        var packages = Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } set
            ? set
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        if (Directory.Exists(packages))
            (await Shell.RunAsync(["sh", "-c", $"cp -al '{packages}' '{home}/packages' 2>/dev/null || cp -a '{packages}' '{home}/packages'"])).ExitCode.ShouldBe(0);
        // Folders only: the files are the ones that others use.
        (await Shell.RunAsync(["find", home, "-type", "d", "-exec", "chown", $"{Id}:{Id}", "{}", "+"])).ExitCode.ShouldBe(0);
        return user;
    }

    /// <summary>Makes a folder and what is in it this user's.</summary>
    public Task OwnAsync(string folder) => IsRoot ? ExpectAsync("chown", "-R", $"{Id}:{Id}", folder) : Task.CompletedTask;

    public async Task DoAsync(string folder, params string[] words)
    {
        var (exitCode, output) = await RunAsync(words, [], folder);
        exitCode.ShouldBe(0, $"{string.Join(' ', words)}\n{output}");
    }

    public Task<(int ExitCode, string Output)> RunAsync(IReadOnlyList<string> words, Dictionary<string, string> environment, string folder) =>
        Shell.RunAsync(Words(words), Environment_(environment), folder);

    /// <summary>Starts a program and leaves it running.</summary>
    public Process Start(IReadOnlyList<string> words, Dictionary<string, string> environment, string folder)
    {
        var all = Words(words);
        var start = new ProcessStartInfo(all[0], all.Skip(1)) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in Environment_(environment))
            start.Environment[name] = value;
        return Process.Start(start)!;
    }

    static IReadOnlyList<string> Words(IReadOnlyList<string> words) =>
        IsRoot ? ["setpriv", $"--reuid={Id}", $"--regid={Id}", "--clear-groups", "--no-new-privs", "--bounding-set=-all", .. words] : words;

    Dictionary<string, string> Environment_(Dictionary<string, string> environment)
    {
        var own = new Dictionary<string, string>(environment, StringComparer.Ordinal) { ["HOME"] = _home, ["DOTNET_CLI_HOME"] = _home, ["MSBUILDDISABLENODEREUSE"] = "1" };
        if (IsRoot)
            own["NUGET_PACKAGES"] = Path.Combine(_home, "packages");
        return own;
    }

    static async Task ExpectAsync(params string[] words) => (await Shell.RunAsync(words)).ExitCode.ShouldBe(0, string.Join(' ', words));
}
