using System.Diagnostics;
using DevSidecar;
using Forewarn.Launcher.Platform;

namespace Forewarn.Launcher.Tests;

/// <summary>A small checkout with probe services in place of Forewarn's, and the launcher run on it as a process of its own.</summary>
sealed class ProbeCheckout : IDisposable
{
    readonly List<LauncherProcess> _started = [];

    /// <param name="apps">YAML of the apps, each with the folder <c>./app</c>.</param>
    public ProbeCheckout(string apps)
    {
        Root = Directory.CreateTempSubdirectory("forewarn probe ").FullName;
        Directory.CreateDirectory(Path.Combine(Root, "app"));
        Directory.CreateDirectory(Path.Combine(Root, "components"));
        File.Copy(Path.Combine(AppContext.BaseDirectory, "probe", "probe.mjs"), Path.Combine(Root, "app", "probe.mjs"));
        Directory.CreateDirectory(Path.Combine(Root, "services", "launcher"));
        Directory.CreateSymbolicLink(Path.Combine(Root, "services", "launcher", "embedded-postgres"), Repository.PostgresPackage);
        File.WriteAllText(Path.Combine(Root, "dapr.yaml"), $"version: 1\ncommon: {{ resourcesPaths: [./components] }}\napps:\n{apps}\n");
        Port = PublicPortPairs.Next();
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(Root, (UnixFileMode)0b111_101_101);
    }

    public string Root { get; }

    public int Port { get; }

    public RunState? State => new RunStateFile(Path.Combine(Root, ".forewarn")).Read();

    public LauncherProcess Up(params string[] more) => Start(["up", "--no-browser", "--port", $"{Port}", .. more]);

    public LauncherProcess Start(string[] arguments, string? asUser = null)
    {
        var process = new LauncherProcess(Root, arguments, asUser);
        _started.Add(process);
        return process;
    }

    public async Task<(int ExitCode, string Output)> RunAsync(params string[] arguments)
    {
        var process = Start(arguments);
        return (await process.ExitAsync(), process.Output);
    }

    public async Task<LauncherProcess> UpAndReadyAsync(params string[] more)
    {
        var up = Up(more);
        await ReadyAsync(up);
        return up;
    }

    /// <summary>An earlier run's state may still lie there: only this launcher's own counts.</summary>
    public async Task ReadyAsync(LauncherProcess up)
    {
        await Eventually.HoldsAsync(
            () => up.HasExited || (State is { Up: true } state && state.Launcher.Pid == up.Pid), "everything is ready", () => up.Output, seconds: 120);
        up.HasExited.ShouldBeFalse(up.Output);
    }

    public void Dispose()
    {
        foreach (var process in _started)
            process.Dispose();
        foreach (var process in State?.Processes ?? [])
        {
            if (process.IsAlive)
                Libc.Kill(process.Pid, Libc.SigKill);
        }
        Directory.Delete(Root, recursive: true);
    }
}

/// <summary>The launcher as its own process.</summary>
sealed class LauncherProcess : IDisposable
{
    readonly Process _process;
    readonly List<string> _lines = [];

    public LauncherProcess(string root, string[] arguments, string? asUser)
    {
        var start = new ProcessStartInfo(Tools.Dotnet, [Repository.LauncherAssembly, .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = root,
        };
        start.Environment["FOREWARN_ROOT"] = root;
        start.Environment["PROBE_EXIT"] = "";
        foreach (var inherited in new[] { "ConnectionStrings__Forewarn", "FOREWARN_STATE_CONNECTION", "GATEWAY__PORT", "INGESTION__PORT" })
            start.Environment.Remove(inherited);
        if (asUser is not null)
        {
            start.UserName = asUser;
            start.Environment["HOME"] = root;
        }
        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, line) => Add(line.Data);
        _process.ErrorDataReceived += (_, line) => Add(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public int Pid => _process.Id;

    public bool HasExited => _process.HasExited;

    public string Output
    {
        get
        {
            lock (_lines)
                return string.Join('\n', _lines);
        }
    }

    public void Signal(int signal) => Libc.Kill(_process.Id, signal);

    public async Task<int> ExitAsync()
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(90));
        await _process.WaitForExitAsync(limit.Token);
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.Dispose();
    }

    void Add(string? line)
    {
        if (line is null)
            return;
        lock (_lines)
            _lines.Add(line);
    }
}
