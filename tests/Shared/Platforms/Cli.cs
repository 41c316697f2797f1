using System.Diagnostics;
using System.Text;

namespace Forewarn.Testing;

/// <summary>A run of <c>./forewarn</c>: what a person would type, with what it printed.</summary>
public sealed class Cli : IAsyncDisposable
{
    readonly Process _process;
    readonly StringBuilder _output = new();

    Cli(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, line) => Append(line.Data);
        process.ErrorDataReceived += (_, line) => Append(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public int Pid => _process.Id;
    public bool HasExited => _process.HasExited;
    public int ExitCode => _process.ExitCode;

    public string Output
    {
        get
        {
            lock (_output)
                return _output.ToString();
        }
    }

    /// <param name="arguments">Verb and options.</param>
    /// <param name="environment">Above what this process has.</param>
    /// <param name="root">Folder of the <c>forewarn</c> to run; null = the checkout.</param>
    public static Cli Start(IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string>? environment = null, string? root = null)
    {
        root ??= Checkout.Root;
        var start = new ProcessStartInfo(Path.Combine(root, "forewarn"), arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            WorkingDirectory = root,
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>(StringComparer.Ordinal))
            start.Environment[name] = value;
        return new Cli(Process.Start(start) ?? throw new InvalidOperationException("./forewarn did not start"));
    }

    /// <summary>Runs to the end and returns what it printed.</summary>
    public static async Task<(int ExitCode, string Output)> RunAsync(TimeSpan timeout, params string[] arguments)
    {
        await using var run = Start(arguments);
        await run.WaitAsync(timeout);
        return (run.ExitCode, run.Output);
    }

    public async Task WaitAsync(TimeSpan timeout)
    {
        using var deadline = new CancellationTokenSource(timeout);
        try
        {
            await _process.WaitForExitAsync(deadline.Token);
        }
        catch (OperationCanceledException late)
        {
            throw new TimeoutException($"./forewarn {string.Join(' ', _process.StartInfo.ArgumentList)} did not end within {timeout}. It printed:\n{Output}", late);
        }
    }

    public void Signal(int signal) => Signals.Send(_process.Id, signal);

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            Signal(Signals.Terminate);
            using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(15));
            try
            {
                await _process.WaitForExitAsync(deadline.Token);
            }
            catch (OperationCanceledException)
            {
                _process.Kill(entireProcessTree: true);
            }
        }
        _process.Dispose();
    }

    void Append(string? line)
    {
        if (line is null)
            return;
        lock (_output)
            _output.AppendLine(line);
    }
}
