using System.Diagnostics;
using DevSidecar;

namespace Forewarn.Compliance;

/// <summary>A real process, its lines kept. It does not outlive the test.</summary>
public sealed class TestProcess : IAsyncDisposable
{
    readonly Process _process;
    readonly List<string> _lines = [];

    public TestProcess(string fileName, params IEnumerable<string> arguments)
        : this(fileName, new Dictionary<string, string>(), arguments)
    {
    }

    public TestProcess(string fileName, IReadOnlyDictionary<string, string> environment, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(fileName, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["DAPR_API_TOKEN"] = "";
        start.Environment["APP_API_TOKEN"] = "";
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, line) => Add(line.Data);
        _process.ErrorDataReceived += (_, line) => Add(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public int Id => _process.Id;

    public bool HasEnded => _process.HasExited;

    public string Output
    {
        get
        {
            lock (_lines)
            {
                return string.Join('\n', _lines);
            }
        }
    }

    /// <summary>The sidecar's command, from the build under test.</summary>
    public static TestProcess Sidecar(params IEnumerable<string> arguments) => new(Programs.Sidecar[0], [.. Programs.Sidecar[1..], .. arguments]);

    /// <summary>kill -9.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync(CancellationToken.None);
    }

    public async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{_process.Id}"]);
        await kill.WaitForExitAsync(CancellationToken.None);
    }

    /// <summary>SIGTERM, and kill -9 when that does not help.</summary>
    public async Task EndAsync()
    {
        if (HasEnded)
        {
            return;
        }

        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        try
        {
            await SignalAsync("TERM");
            await _process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            await KillAsync();
        }
    }

    public async Task<int> ExitAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await _process.WaitForExitAsync(limit.Token);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync(CancellationToken.None);
        }

        _process.Dispose();
    }

    void Add(string? line)
    {
        if (line is not null)
        {
            lock (_lines)
            {
                _lines.Add(line);
            }
        }
    }
}
