using System.Diagnostics;

namespace Forewarn.Bench.Rig;

/// <summary>What a process tree used between two readings.</summary>
sealed class Usage(int root)
{
    readonly Stopwatch _watch = Stopwatch.StartNew();
    readonly ProcessTree _before = ProcessTree.Read(root);

    /// <summary>Cores and memory per program since the start, largest first.</summary>
    public UsageReport Read()
    {
        var seconds = _watch.Elapsed.TotalSeconds;
        var after = ProcessTree.Read(root);
        var before = _before.Processes.ToDictionary(process => process.Pid);
        var programs = after.Processes
            .GroupBy(process => process.Name, StringComparer.Ordinal)
            .Select(group => new ProgramUsage(
                group.Key,
                group.Sum(process => process.CpuSeconds - (before.TryGetValue(process.Pid, out var earlier) ? earlier.CpuSeconds : 0)) / seconds,
                group.Sum(process => process.ResidentBytes)))
            .OrderByDescending(program => program.Cores)
            .ToList();
        return new UsageReport(seconds, programs.Sum(program => program.Cores), after.ResidentBytes, programs);
    }
}

/// <param name="Cores">Average number of cores in use.</param>
/// <param name="ResidentBytes">Sum of resident memory; shared pages count once per process.</param>
sealed record UsageReport(double Seconds, double Cores, long ResidentBytes, IReadOnlyList<ProgramUsage> Programs);

sealed record ProgramUsage(string Name, double Cores, long ResidentBytes);
