using System.Diagnostics;

namespace Forewarn.Deploy.Tests;

/// <summary>Runs a program to its end.</summary>
static class Shell
{
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    /// <returns>Exit code, and everything it wrote; 127 where there is no such program.</returns>
    public static async Task<(int ExitCode, string Output)> RunAsync(IReadOnlyList<string> words, Dictionary<string, string>? environment = null, string? folder = null)
    {
        var start = new ProcessStartInfo(words[0], words.Skip(1)) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        if (folder is not null)
            start.WorkingDirectory = folder;
        foreach (var (name, value) in environment ?? [])
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Patience);
        var (output, error) = (process.StandardOutput.ReadToEndAsync(limit.Token), process.StandardError.ReadToEndAsync(limit.Token));
        try
        {
            await process.WaitForExitAsync(limit.Token);
            return (process.ExitCode, await output + await error);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }
}
