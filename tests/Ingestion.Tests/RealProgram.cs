using Forewarn.Testing;

namespace Forewarn.Ingestion.Tests;

/// <summary>A real program of a Debian package, in a folder of its own that goes with it.</summary>
sealed class RealProgram : IAsyncDisposable
{
    readonly RunningProgram _process;

    RealProgram(RunningProgram process, string folder) => (_process, Folder) = (process, folder);

    public string Folder { get; }

    /// <summary>What it wrote so far.</summary>
    public string Said => _process.Said;

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
        return new RealProgram(RunningProgram.Start(program, arguments, folder), folder);
    }

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }
}
