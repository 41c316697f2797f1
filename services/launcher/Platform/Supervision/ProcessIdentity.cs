using System.Diagnostics;
using System.Globalization;

namespace Forewarn.Launcher.Platform;

/// <summary>
/// A process that can be recognised later: process ids are reused, a process id together with the start of the process
/// (and of the machine) is not.
/// </summary>
/// <param name="Started">On Linux boot id and start time in clock ticks since boot; elsewhere the start time.</param>
sealed record ProcessIdentity(int Pid, string Started)
{
    static readonly Lazy<string> Boot = new(() =>
        File.Exists("/proc/sys/kernel/random/boot_id") ? File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim() : "");

    public static ProcessIdentity Current => Of(Environment.ProcessId)!;

    /// <summary>True while exactly this process runs; a zombie that nobody has collected does not count.</summary>
    public bool IsAlive => Of(Pid) == this;

    /// <summary>Null when there is no such process.</summary>
    public static ProcessIdentity? Of(int pid)
    {
        if (OperatingSystem.IsLinux())
            return ReadStat(pid) is { } stat ? FromStat(pid, stat, Boot.Value) : null;
        try
        {
            using var process = Process.GetProcessById(pid);
            return process.HasExited ? null : new ProcessIdentity(pid, process.StartTime.ToUniversalTime().Ticks.ToString(CultureInfo.InvariantCulture));
        }
        catch (Exception gone) when (gone is ArgumentException or InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }

    /// <summary>Reads <c>/proc/PID/stat</c>: the name in brackets may hold anything, so fields count from its last bracket.</summary>
    internal static ProcessIdentity? FromStat(int pid, string stat, string boot)
    {
        var fields = stat[(stat.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        const int state = 0, startTime = 19;
        if (fields.Length <= startTime || fields[state] is "Z" or "X")
            return null;
        return new ProcessIdentity(pid, $"{boot}/{fields[startTime]}");
    }

    static string? ReadStat(int pid)
    {
        try
        {
            return File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/stat"));
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
