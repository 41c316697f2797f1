namespace Forewarn.Launcher.Platform;

/// <summary>Ends what an earlier run left behind, and nothing else: a process id counts only together with its start time.</summary>
static class Leftovers
{
    static readonly TimeSpan Grace = TimeSpan.FromSeconds(3);
    static readonly TimeSpan Step = TimeSpan.FromMilliseconds(50);

    /// <returns>How many processes were found and ended.</returns>
    public static async Task<int> EndAsync(RunState state, TimeProvider time, CancellationToken cancellationToken)
    {
        var left = state.Processes.Where(process => process.Pid != Environment.ProcessId && process.IsAlive).ToList();
        // PostgreSQL ends at once on the interrupt, and waits for its clients on the termination signal.
        var databases = state.Services.Where(service => service.AppPort == 0).Select(service => service.Process).ToHashSet();
        foreach (var process in left)
            Libc.Kill(process.Pid, databases.Contains(process) ? Libc.SigInt : Libc.SigTerm);
        await WaitAsync(left, Grace, time, cancellationToken);
        foreach (var process in left.Where(process => process.IsAlive))
        {
            // Each but the launcher led a group of its own, so this takes its helpers along.
            if (process == state.Launcher || !Libc.Kill(-process.Pid, Libc.SigKill))
                Libc.Kill(process.Pid, Libc.SigKill);
        }
        await WaitAsync(left, Grace, time, cancellationToken);
        return left.Count;
    }

    /// <summary>True when all have ended in time.</summary>
    public static async Task<bool> WaitAsync(
        IReadOnlyCollection<ProcessIdentity> processes, TimeSpan patience, TimeProvider time, CancellationToken cancellationToken)
    {
        var since = time.GetTimestamp();
        while (processes.Any(process => process.IsAlive))
        {
            if (time.GetElapsedTime(since) > patience)
                return false;
            await Task.Delay(Step, time, cancellationToken);
        }
        return true;
    }
}
