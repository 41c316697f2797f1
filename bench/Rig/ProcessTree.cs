using System.Globalization;

namespace Forewarn.Bench.Rig;

/// <summary>CPU time and memory of a process and everything below it, from /proc.</summary>
sealed record ProcessTree(IReadOnlyList<ProcessSample> Processes)
{
    const double TicksPerSecond = 100;
    const long PageBytes = 4096;

    public double CpuSeconds => Processes.Sum(process => process.CpuSeconds);

    /// <summary>With that of children that have ended.</summary>
    public double CpuSecondsWithEnded => Processes.Sum(process => process.CpuSeconds + process.EndedChildrenSeconds);

    public long ResidentBytes => Processes.Sum(process => process.ResidentBytes);

    /// <exception cref="PlatformNotSupportedException">There is no /proc.</exception>
    public static ProcessTree Read(int root)
    {
        if (!OperatingSystem.IsLinux())
            throw new PlatformNotSupportedException("CPU and memory per process are read from /proc, which only Linux has.");
        var all = Directory.EnumerateDirectories("/proc")
            .Select(folder => int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var pid) ? pid : 0)
            .Where(pid => pid > 0)
            .Select(TryRead)
            .OfType<(ProcessSample Sample, int Parent)>()
            .ToList();
        var members = new HashSet<int> { root };
        for (var before = 0; before != members.Count;)
        {
            before = members.Count;
            members.UnionWith(all.Where(entry => members.Contains(entry.Parent)).Select(entry => entry.Sample.Pid));
        }
        return new ProcessTree([.. all.Where(entry => members.Contains(entry.Sample.Pid)).Select(entry => entry.Sample)]);
    }

    /// <summary>The parent of a process of this name on this machine; null when there is none.</summary>
    public static int? ParentOf(int pid, string name) =>
        OperatingSystem.IsLinux() && Directory.Exists($"/proc/{pid}") && TryRead(pid) is { } found && found.Sample.Name == name ? found.Parent : null;

    static (ProcessSample Sample, int Parent)? TryRead(int pid)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{pid}/stat");
            var nameEnd = stat.LastIndexOf(')');
            var fields = stat[(nameEnd + 2)..].Split(' ');
            var command = File.ReadAllText($"/proc/{pid}/cmdline").Split('\0', StringSplitOptions.RemoveEmptyEntries);
            var name = command.FirstOrDefault(part => part.EndsWith(".dll", StringComparison.Ordinal)) is { } assembly
                ? Path.GetFileNameWithoutExtension(assembly)
                : stat[(stat.IndexOf('(', StringComparison.Ordinal) + 1)..nameEnd];
            return (new ProcessSample(
                pid, name,
                (Number(fields[11]) + Number(fields[12])) / TicksPerSecond,
                (Number(fields[13]) + Number(fields[14])) / TicksPerSecond,
                Number(fields[21]) * PageBytes), (int)Number(fields[1]));
        }
        catch (IOException)
        {
            return null; // It ended between listing and reading.
        }
    }

    static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}

/// <param name="CpuSeconds">User and system time since its start.</param>
/// <param name="EndedChildrenSeconds">That of children that have ended.</param>
sealed record ProcessSample(int Pid, string Name, double CpuSeconds, double EndedChildrenSeconds, long ResidentBytes);
