using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace DevSidecar.Cli;

/// <summary>An app started by this process; it ends with it.</summary>
sealed partial class ChildApp : IDisposable
{
    const int SigTerm = 15;

    static readonly TimeSpan LastWords = TimeSpan.FromSeconds(1);

    readonly Process _process;
    readonly TimeProvider _time;

    ChildApp(Process process, string appId, AppOutput output, TimeProvider time)
    {
        (_process, _time) = (process, time);
        var lines = Task.WhenAll(
            PumpAsync(process.StandardOutput, line => output.Write(appId, line, isError: false)),
            PumpAsync(process.StandardError, line => output.Write(appId, line, isError: true)));
        Exited = ExitAsync(lines);
    }

    /// <summary>The exit code, when it has ended and its lines are shown.</summary>
    public Task<int> Exited { get; }

    /// <exception cref="SidecarConfigurationException">The command does not start.</exception>
    public static ChildApp Start(HostedApp app, IReadOnlyDictionary<string, string> environment, AppOutput output, TimeProvider time)
    {
        var start = new ProcessStartInfo(app.Command[0])
        {
            WorkingDirectory = app.Directory,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var argument in app.Command.Skip(1))
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        try
        {
            return new(Process.Start(start)!, app.Registration.AppId, output, time);
        }
        catch (Win32Exception e)
        {
            throw new SidecarConfigurationException($"the command '{app.Command[0]}' of the app '{app.Registration.AppId}' does not start in {app.Directory}: {e.Message}.", e);
        }
    }

    /// <summary>SIGTERM, and when patience has ended the end for it and what it started.</summary>
    public async Task StopAsync(TimeSpan patience)
    {
        if (Exited.IsCompleted)
        {
            return;
        }

        if (!OperatingSystem.IsWindows() && !_process.HasExited)
        {
            _ = Kill(_process.Id, SigTerm);
            await Task.WhenAny(Exited, Task.Delay(patience, _time));
        }

        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        await Exited;
    }

    public void Dispose() => _process.Dispose();

    async Task<int> ExitAsync(Task lines)
    {
        await _process.WaitForExitAsync(CancellationToken.None);
        // Something it started may hold its pipes for ever.
        await Task.WhenAny(lines, Task.Delay(LastWords, _time));
        return _process.ExitCode;
    }

    static async Task PumpAsync(StreamReader reader, Action<string> write)
    {
        while (await reader.ReadLineAsync(CancellationToken.None) is { } line)
        {
            write(line);
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int pid, int signal);
}
