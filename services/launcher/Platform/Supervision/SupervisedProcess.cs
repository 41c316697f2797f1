namespace Forewarn.Launcher.Platform;

enum ProcessState
{
    Starting,
    Ready,

    /// <summary>It ended by itself and will be started again after a pause.</summary>
    Restarting,
    Stopped,
}

/// <summary>
/// Keeps one process running: starts it, watches until it is ready, starts it again with a growing pause when it ends, and
/// stops it on request. Its output goes to a log file, and what matters of it to the terminal.
/// </summary>
sealed class SupervisedProcess(
    ProcessSpec spec, LogFile log, Terminal terminal, TimeProvider time, Func<CancellationToken, Task<string?>> notReadyBecause) : IAsyncDisposable
{
    /// <summary>Ends before it was ever ready, after which starting it is given up.</summary>
    const int DeathsBeforeGivingUp = 3;

    static readonly TimeSpan ProbeInterval = TimeSpan.FromMilliseconds(100);

    readonly CancellationTokenSource _stopping = new();
    readonly TaskCompletionSource _firstReady = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly Backoff _backoff = new();
    ChildProcess? _child;
    Task _loop = Task.CompletedTask;
    bool _disposed;

    /// <summary>Raised after every change of state, process or restart count.</summary>
    public event EventHandler? Changed;

    /// <summary>Classifies its lines for the terminal.</summary>
    public Func<string, bool, LineClass> Classify { get; init; } = LineClassifier.Classify;

    public ProcessSpec Spec => spec;
    public LogFile Log => log;
    public ProcessState State { get; private set; } = ProcessState.Starting;
    public ProcessIdentity? Identity { get; private set; }
    public int Restarts { get; private set; }

    /// <summary>Why it is not ready yet, as it says itself.</summary>
    public string Waiting { get; private set; } = "starting";

    /// <summary>Completes when it is ready for the first time; fails when it ended three times before that.</summary>
    public Task FirstReady => _firstReady.Task;

    public void Start() => _loop = RunAsync(_stopping.Token);

    /// <summary>Asks it to end, and ends it after <paramref name="grace"/>.</summary>
    public async Task StopAsync(TimeSpan grace)
    {
        if (_disposed)
            return;
        await _stopping.CancelAsync();
        if (await Task.WhenAny(_loop, Task.Delay(grace, time, CancellationToken.None)) != _loop && _child is { HasExited: false } stubborn)
        {
            terminal.Warn($"{spec.Label} did not end within {grace.TotalSeconds:0} s and was killed");
            stubborn.Kill();
        }
        await _loop;
    }

    public async ValueTask DisposeAsync()
    {
        if (_disposed)
            return;
        await StopAsync(TimeSpan.Zero);
        _disposed = true;
        _child?.Dispose();
        log.Dispose();
        _stopping.Dispose();
    }

    async Task RunAsync(CancellationToken stopping)
    {
        var deaths = 0;
        while (!stopping.IsCancellationRequested)
        {
            var started = time.GetTimestamp();
            var exit = await RunOnceAsync(stopping);
            if (stopping.IsCancellationRequested)
                break;
            if (!_firstReady.Task.IsCompleted && ++deaths == DeathsBeforeGivingUp)
            {
                _firstReady.TrySetException(new LauncherException(Epitaph(exit), ExitCodes.Service));
                break;
            }
            await PauseAsync(exit, _backoff.Next(time.GetElapsedTime(started)), stopping);
        }
        Become(ProcessState.Stopped);
        _firstReady.TrySetCanceled(CancellationToken.None);
    }

    /// <returns>How it ended.</returns>
    async Task<string> RunOnceAsync(CancellationToken stopping)
    {
        _child?.Dispose();
        try
        {
            _child = ChildProcess.Start(spec, Receive);
        }
        catch (Exception unable) when (unable is System.ComponentModel.Win32Exception or InvalidOperationException or IOException)
        {
            log.Write($"launcher: {unable.Message}");
            return $"could not be started: {unable.Message}";
        }
        Identity = _child.Identity;
        Become(ProcessState.Starting);
        await using var asking = stopping.Register(_child.RequestStop);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var watching = WatchUntilReadyAsync(ended.Token);
        await _child.WaitForExitAsync(CancellationToken.None);
        await ended.CancelAsync();
        await watching;
        Identity = null;
        return $"ended with exit code {_child.ExitCode}";
    }

    async Task WatchUntilReadyAsync(CancellationToken ended)
    {
        try
        {
            while (await notReadyBecause(ended) is { } reason)
            {
                Waiting = reason;
                await Task.Delay(ProbeInterval, time, ended);
            }
            Become(ProcessState.Ready);
            _firstReady.TrySetResult();
        }
        catch (OperationCanceledException)
        {
            // It ended first; whoever waits for it learns that elsewhere.
        }
    }

    async Task PauseAsync(string exit, TimeSpan pause, CancellationToken stopping)
    {
        Restarts++;
        Waiting = exit;
        Become(ProcessState.Restarting);
        terminal.Bad($"{spec.Label} {exit}; starting it again in {pause.TotalSeconds:0.#} s ({log.FullName})");
        try
        {
            await Task.Delay(pause, time, stopping);
        }
        catch (OperationCanceledException)
        {
            // Asked to stop while waiting.
        }
    }

    string Epitaph(string exit) =>
        $"{spec.Label} {exit}, three times in a row while starting. Its last lines ({log.FullName}):{Environment.NewLine}"
        + string.Join(Environment.NewLine, log.Tail(15).Select(line => "    " + line))
        + $"{Environment.NewLine}Mend what they name and start again; `./forewarn doctor` checks this machine.";

    void Receive(string line, bool isError)
    {
        log.Write(line);
        terminal.Service(spec.Label, line, Classify(line, isError));
    }

    void Become(ProcessState state)
    {
        State = state;
        Changed?.Invoke(this, EventArgs.Empty);
    }
}
