using System.Diagnostics;

namespace Forewarn.Launcher.Platform;

/// <summary>Programs on the PATH.</summary>
static class Tools
{
    /// <summary>Full path of a program on the PATH; null when there is none.</summary>
    public static string? Find(string name) => Find(name, Environment.GetEnvironmentVariable("PATH"));

    /// <summary>As <see cref="Find(string)"/>, on a PATH of another environment.</summary>
    public static string? Find(string name, string? path)
    {
        var extensions = OperatingSystem.IsWindows() ? new[] { ".exe", ".cmd" } : [""];
        return (path ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .SelectMany(folder => extensions.Select(extension => Path.Combine(folder, name + extension)))
            .FirstOrDefault(File.Exists);
    }

    /// <summary>The dotnet that runs this launcher, so that services get the same one.</summary>
    public static string Dotnet =>
        Environment.ProcessPath is { } self && Path.GetFileNameWithoutExtension(self) == "dotnet" ? self : Find("dotnet") ?? "dotnet";

    /// <summary>Runs a program to its end and returns exit code and everything it wrote.</summary>
    public static async Task<(int ExitCode, string Output)> RunAsync(
        string fileName, IEnumerable<string> arguments, string workingDirectory, CancellationToken cancellationToken,
        IEnumerable<KeyValuePair<string, string>>? environment = null, string? userName = null, Action<string>? onLine = null)
    {
        var start = new ProcessStartInfo(fileName, arguments)
        {
            WorkingDirectory = workingDirectory,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment ?? [])
            start.Environment[name] = value;
        if (userName is not null)
            start.UserName = userName;
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{fileName} did not start.");
        process.StandardInput.Close();
        var lines = new List<string>();
        var pumps = Task.WhenAll(ReadAsync(process.StandardOutput, lines, onLine), ReadAsync(process.StandardError, lines, onLine));
        try
        {
            await process.WaitForExitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
        // A helper that outlives the program may hold the pipe; what the program itself wrote is there by then.
        await Task.WhenAny(pumps, Task.Delay(TimeSpan.FromSeconds(2), cancellationToken));
        lock (lines)
            return (process.ExitCode, string.Join('\n', lines));
    }

    static async Task ReadAsync(StreamReader reader, List<string> lines, Action<string>? onLine)
    {
        while (await reader.ReadLineAsync(CancellationToken.None) is { } line)
        {
            lock (lines)
                lines.Add(line);
            onLine?.Invoke(line);
        }
    }
}
