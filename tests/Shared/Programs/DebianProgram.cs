using System.Diagnostics;

namespace Forewarn.Testing;

/// <summary>
/// Real programs that tests talk to: the machine's own, else that of the Debian package, unpacked below <c>artifacts/programs</c>. That takes no rights and,
/// other than an installation, starts no service.
/// </summary>
public static class DebianProgram
{
    static readonly SemaphoreSlim _one = new(1, 1);

    /// <summary>Path of the program that a package is named after; null on machines without apt, where there is no such package.</summary>
    /// <exception cref="InvalidOperationException">apt cannot bring it, with what apt said.</exception>
    public static async Task<string?> FindAsync(string package)
    {
        var own = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Select(folder => Path.Combine(folder, package)).FirstOrDefault(File.Exists);
        if (own is not null)
            return own;
        var folder = Path.Combine(Checkout.Root, "artifacts", "programs", package);
        var program = Path.Combine(folder, "usr", "bin", package);
        await _one.WaitAsync();
        try
        {
            if (!File.Exists(program) && File.Exists("/usr/bin/apt-get"))
                await UnpackAsync(package, folder);
            return File.Exists(program) ? program : null;
        }
        finally
        {
            _one.Release();
        }
    }

    static async Task UnpackAsync(string package, string folder)
    {
        var work = $"{folder}-{Environment.ProcessId}";
        Directory.CreateDirectory(work);
        try
        {
            var (exit, said) = await RunAsync("apt-get", work, "download", package);
            // Only root may fetch the lists that a fresh machine lacks.
            if (exit != 0 && (await RunAsync("apt-get", work, "update")).Exit == 0)
                (exit, said) = await RunAsync("apt-get", work, "download", package);
            if (exit != 0)
                throw new InvalidOperationException($"apt-get download {package} failed: {said}");
            var unpacked = Path.Combine(work, "unpacked");
            (exit, said) = await RunAsync("dpkg", work, "-x", Directory.EnumerateFiles(work, "*.deb").Single(), unpacked);
            if (exit != 0)
                throw new InvalidOperationException($"dpkg -x failed: {said}");
            if (!Directory.Exists(folder))
                Directory.Move(unpacked, folder);
        }
        finally
        {
            Directory.Delete(work, recursive: true);
        }
    }

    static async Task<(int Exit, string Said)> RunAsync(string program, string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, await output + await error);
    }
}
