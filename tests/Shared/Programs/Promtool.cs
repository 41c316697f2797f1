using System.Diagnostics;

namespace Forewarn.Testing;

/// <summary>Prometheus' own judge of rules, configurations and texts to scrape: the machine's, else that of the Debian package.</summary>
public static class Promtool
{
    const string Package = "prometheus";

    static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>Path of promtool; null on machines without it and without apt.</summary>
    public static async Task<string?> FindAsync()
    {
        var own = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Select(folder => Path.Combine(folder, "promtool")).FirstOrDefault(File.Exists);
        if (own is not null)
            return own;
        return await DebianProgram.FolderAsync(Package, Package) is { } folder && Path.Combine(folder, "usr", "bin", "promtool") is var program && File.Exists(program) ? program : null;
    }

    /// <summary>Runs it to its end.</summary>
    /// <param name="input">What it reads from standard input.</param>
    /// <returns>Exit code, and everything it wrote.</returns>
    /// <exception cref="OperationCanceledException">It did not end within two minutes.</exception>
    public static async Task<(int ExitCode, string Said)> RunAsync(string promtool, string input, CancellationToken cancellationToken, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(promtool, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        try
        {
            var (output, error) = (process.StandardOutput.ReadToEndAsync(limit.Token), process.StandardError.ReadToEndAsync(limit.Token));
            await process.StandardInput.WriteAsync(input.AsMemory(), limit.Token);
            process.StandardInput.Close();
            await process.WaitForExitAsync(limit.Token);
            return (process.ExitCode, await output + await error);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            throw;
        }
    }
}
