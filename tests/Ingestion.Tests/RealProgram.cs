using System.Diagnostics;
using System.Text;
using Forewarn.Testing;

namespace Forewarn.Ingestion.Tests;

/// <summary>A real program of a Debian package, in a folder of its own that goes with it.</summary>
sealed class RealProgram : IAsyncDisposable
{
    readonly Process _process;
    readonly StringBuilder _said = new();

    RealProgram(Process process, string folder) => (_process, Folder) = (process, folder);

    public string Folder { get; }

    /// <summary>What it wrote so far.</summary>
    public string Said
    {
        get
        {
            lock (_said)
                return _said.ToString();
        }
    }

    /// <summary>Starts it; a machine without the package skips the test.</summary>
    /// <param name="package">Package and program.</param>
    /// <param name="files">Name and text of files in its folder.</param>
    /// <param name="arguments">Of the command line.</param>
    public static async Task<RealProgram> StartAsync(string package, IReadOnlyDictionary<string, string> files, params string[] arguments)
    {
        var program = await DebianProgram.FindAsync(package);
        Assert.SkipWhen(program is null, $"{package} is not installed, and this machine has no Debian packages");
        var folder = Directory.CreateTempSubdirectory("forewarn-real-").FullName;
        foreach (var (name, text) in files)
            await File.WriteAllTextAsync(Path.Combine(folder, name), text);
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardError = true, RedirectStandardOutput = true };
        var running = new RealProgram(new Process { StartInfo = start }, folder);
        running._process.ErrorDataReceived += (_, line) => running.Take(line.Data);
        running._process.OutputDataReceived += (_, line) => running.Take(line.Data);
        running._process.Start();
        running._process.BeginErrorReadLine();
        running._process.BeginOutputReadLine();
        return running;
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    void Take(string? line)
    {
        lock (_said)
            _said.AppendLine(line);
    }
}
