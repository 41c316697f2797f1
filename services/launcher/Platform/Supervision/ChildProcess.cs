using System.Diagnostics;

namespace Forewarn.Launcher.Platform;

/// <summary>A started process, its output going line by line to a receiver.</summary>
sealed class ChildProcess : IDisposable
{
    readonly Process _process;
    readonly ProcessSpec _spec;
    readonly bool _ownGroup;

    ChildProcess(Process process, ProcessSpec spec, bool ownGroup, Action<string, bool> output)
    {
        _process = process;
        _spec = spec;
        _ownGroup = ownGroup;
        Identity = ProcessIdentity.Of(process.Id);
        Output = Task.WhenAll(PumpAsync(process.StandardOutput, false, output), PumpAsync(process.StandardError, true, output));
    }

    /// <summary>Null when it had ended before it could be looked at.</summary>
    public ProcessIdentity? Identity { get; }

    public int ExitCode => _process.ExitCode;

    public bool HasExited => _process.HasExited;

    /// <summary>Ends when both of its streams have ended.</summary>
    public Task Output { get; }

    /// <summary>
    /// In a session of its own where the system has <c>setsid</c>: Ctrl+C in the terminal reaches the launcher alone, which
    /// then ends its children in the right order.
    /// </summary>
    /// <param name="output">Receives line and whether it came from standard error.</param>
    public static ChildProcess Start(ProcessSpec spec, Action<string, bool> output)
    {
        var setsid = OperatingSystem.IsWindows() ? null : Tools.Find("setsid");
        var start = new ProcessStartInfo(setsid ?? spec.FileName)
        {
            WorkingDirectory = spec.WorkingDirectory,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        if (setsid is not null)
            start.ArgumentList.Add(spec.FileName);
        foreach (var argument in spec.Arguments)
            start.ArgumentList.Add(argument);
        start.Environment.Clear();
        foreach (var (name, value) in spec.Environment)
            start.Environment[name] = value;
        if (spec.UserName is { } user)
            start.UserName = user;

        var process = Process.Start(start) ?? throw new InvalidOperationException($"{spec.FileName} did not start.");
        process.StandardInput.Close();
        return new ChildProcess(process, spec, setsid is not null, output);
    }

    public Task WaitForExitAsync(CancellationToken cancellationToken) => _process.WaitForExitAsync(cancellationToken);

    /// <summary>Asks it to end.</summary>
    public void RequestStop() => Signal(_spec.StopSignal, _spec.SignalGroup);

    /// <summary>Ends it and its helpers.</summary>
    public void Kill() => Signal(Libc.SigKill, group: true);

    public void Dispose() => _process.Dispose();

    void Signal(int signal, bool group)
    {
        if (_process.HasExited)
            return;
        if (OperatingSystem.IsWindows())
            _process.Kill(entireProcessTree: true);
        else if (!(group && _ownGroup && Libc.Kill(-_process.Id, signal)))
            Libc.Kill(_process.Id, signal);
    }

    static async Task PumpAsync(StreamReader reader, bool isError, Action<string, bool> output)
    {
        // The pipe lives as long as the last helper that holds it: reading ends with the pipe, not with a token.
        while (await reader.ReadLineAsync(CancellationToken.None) is { } line)
            output(line, isError);
    }
}
