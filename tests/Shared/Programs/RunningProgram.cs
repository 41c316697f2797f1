using System.Diagnostics;
using System.Text;

namespace Forewarn.Testing;

/// <summary>A program under way, and what it wrote; it is killed when it is disposed.</summary>
public sealed class RunningProgram : IAsyncDisposable
{
    readonly Process _process;
    readonly StringBuilder _said = new();

    RunningProgram(Process process) => _process = process;

    /// <summary>What it wrote so far, to both of its outputs.</summary>
    public string Said
    {
        get
        {
            lock (_said)
                return _said.ToString();
        }
    }

    public static RunningProgram Start(string program, IEnumerable<string> arguments, string folder)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        var running = new RunningProgram(new Process { StartInfo = start });
        running._process.OutputDataReceived += (_, line) => running.Take(line.Data);
        running._process.ErrorDataReceived += (_, line) => running.Take(line.Data);
        running._process.Start();
        running._process.BeginOutputReadLine();
        running._process.BeginErrorReadLine();
        return running;
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    void Take(string? line)
    {
        lock (_said)
            _said.AppendLine(line);
    }
}
