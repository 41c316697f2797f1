using System.CommandLine;
using Forewarn.Launcher.Platform;

namespace Forewarn.Launcher.Commands;

/// <summary><c>down</c>: ends a running platform, or what one that was killed has left behind.</summary>
static class DownCommand
{
    /// <summary>An orderly stop takes at most ten seconds.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(12);

    public static Command Create()
    {
        var data = Shared.DataOption();
        var command = new Command("down", "Stop a running platform, or what is left of one that was killed.") { data };
        command.SetAction((parsed, token) =>
        {
            var checkout = Checkout.Find();
            return RunAsync(Shared.DataDirectory(parsed, data, checkout), Shared.NewTerminal(), TimeProvider.System, token);
        });
        return command;
    }

    internal static async Task<int> RunAsync(string dataDirectory, Terminal terminal, TimeProvider time, CancellationToken cancellationToken)
    {
        var file = new RunStateFile(dataDirectory);
        if (file.Read() is not { } state || !state.Processes.Any(process => process.IsAlive))
        {
            file.Delete();
            terminal.Plain($"Nothing is running with the data in {dataDirectory}.");
            return ExitCodes.Success;
        }
        if (state.Launcher.IsAlive)
        {
            if (!Libc.Kill(state.Launcher.Pid, Libc.SigTerm))
                throw new LauncherException($"Process {state.Launcher.Pid} belongs to somebody else: stop it as its owner, or as root.", ExitCodes.Failed);
            if (await Leftovers.WaitAsync([.. state.Processes], Patience, time, cancellationToken))
            {
                terminal.Good("Stopped");
                return ExitCodes.Success;
            }
        }
        var ended = await Leftovers.EndAsync(state, time, cancellationToken);
        var stubborn = state.Processes.Where(process => process.IsAlive).Select(process => process.Pid).ToList();
        if (stubborn.Count > 0)
            throw new LauncherException($"These processes do not end: {string.Join(", ", stubborn)}. They may belong to somebody else: try as root.", ExitCodes.Failed);
        file.Delete();
        terminal.Good($"Ended {ended} {(ended == 1 ? "process" : "processes")} that were left");
        return ExitCodes.Success;
    }
}
