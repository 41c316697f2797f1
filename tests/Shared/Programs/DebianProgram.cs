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
        if (await FolderAsync(package, package) is not { } folder)
            return null;
        var program = Path.Combine(folder, "usr", "bin", package);
        return File.Exists(program) ? program : null;
    }

    /// <summary>A folder with the content of packages, without those that they depend on; null on machines without apt.</summary>
    /// <param name="name">Folder below <c>artifacts/programs</c>; another list of packages needs another.</param>
    /// <exception cref="InvalidOperationException">apt cannot bring one, with what apt said.</exception>
    public static async Task<string?> FolderAsync(string name, params string[] packages)
    {
        var folder = Path.Combine(Checkout.Root, "artifacts", "programs", name);
        await _one.WaitAsync();
        try
        {
            if (!Directory.Exists(folder) && File.Exists("/usr/bin/apt-get"))
                await UnpackAsync(packages, folder);
            return Directory.Exists(folder) ? folder : null;
        }
        finally
        {
            _one.Release();
        }
    }

    static async Task UnpackAsync(string[] packages, string folder)
    {
        var work = $"{folder}-{Environment.ProcessId}";
        Directory.CreateDirectory(work);
        try
        {
            string[] download = ["download", .. packages];
            var (exit, said) = await RunAsync("apt-get", work, download);
            // Only root may fetch the lists that a fresh machine lacks.
            if (exit != 0 && (await RunAsync("apt-get", work, "update")).Exit == 0)
                (exit, said) = await RunAsync("apt-get", work, download);
            if (exit != 0)
                throw new InvalidOperationException($"apt-get download {string.Join(' ', packages)} failed: {said}");
            var unpacked = Path.Combine(work, "unpacked");
            foreach (var package in Directory.EnumerateFiles(work, "*.deb"))
            {
                (exit, said) = await RunAsync("dpkg", work, "-x", package, unpacked);
                if (exit != 0)
                    throw new InvalidOperationException($"dpkg -x {Path.GetFileName(package)} failed: {said}");
            }
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
