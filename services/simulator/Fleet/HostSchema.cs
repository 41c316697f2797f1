using Forewarn.Contracts;

namespace Forewarn.Simulator;

/// <summary>The series every simulated host reports, in the order of <see cref="HostReading.Values"/>.</summary>
static class HostSchema
{
    public static IReadOnlyList<ExternalSeries> Series { get; } =
    [
        new("system.cpu.utilization", "1"),
        Labelled("system.cpu.utilization", "1", "cpu.mode", "user"),
        Labelled("system.cpu.utilization", "1", "cpu.mode", "system"),
        Labelled("system.cpu.utilization", "1", "cpu.mode", "iowait"),
        Labelled("system.cpu.utilization", "1", "cpu.mode", "idle"),
        new("system.cpu.load_average.1m", "{thread}"),
        new("system.cpu.load_average.5m", "{thread}"),
        new("system.linux.context_switches", "{switch}/s"),
        new("system.process.count", "{process}"),
        new("system.memory.utilization", "1", Limit: 1),
        Labelled("system.memory.usage", "By", "system.memory.state", "used"),
        Labelled("system.memory.usage", "By", "system.memory.state", "cached"),
        Labelled("system.filesystem.utilization", "1", "system.filesystem.mountpoint", "/data", limit: 1),
        Labelled("system.filesystem.usage", "By", "system.filesystem.mountpoint", "/data"),
        Labelled("system.disk.io", "By/s", "disk.io.direction", "read"),
        Labelled("system.disk.io", "By/s", "disk.io.direction", "write"),
        Labelled("system.disk.io_time", "1", "system.device", "nvme0n1"),
        Labelled("system.network.io", "By/s", "network.io.direction", "receive"),
        Labelled("system.network.io", "By/s", "network.io.direction", "transmit"),
        new("http.server.request.rate", "{request}/s"),
        new("http.server.request.duration.p50", "s"),
        new("http.server.request.duration.p99", "s"),
        new("http.server.request.error_ratio", "1"),
        new("http.server.active_requests", "{request}"),
        new("dotnet.gc.heap.size", "By"),
        new("dotnet.gc.collections", "{collection}/s"),
        new("dotnet.gc.pause_ratio", "1"),
    ];

    static ExternalSeries Labelled(string name, string unit, string key, string value, double? limit = null) =>
        new(name, unit, new Dictionary<string, string>(StringComparer.Ordinal) { [key] = value }, limit);
}

/// <summary>One second of a host, by name.</summary>
readonly record struct HostReading
{
    public required double Cpu { get; init; }
    public required double IoWait { get; init; }
    public required double Load1 { get; init; }
    public required double Load5 { get; init; }
    public required double ContextSwitches { get; init; }
    public required double Processes { get; init; }
    public required double Memory { get; init; }
    public required double MemoryBytes { get; init; }
    public required double Disk { get; init; }
    public required double DiskBytes { get; init; }
    public required double DiskRead { get; init; }
    public required double DiskWrite { get; init; }
    public required double DiskBusy { get; init; }
    public required double Received { get; init; }
    public required double Sent { get; init; }
    public required double Rate { get; init; }
    public required double P50 { get; init; }
    public required double P99 { get; init; }
    public required double Errors { get; init; }
    public required double Heap { get; init; }
    public required double Collections { get; init; }

    /// <summary>In the order of <see cref="HostSchema.Series"/>.</summary>
    public double[] Values =>
    [
        Cpu, Cpu * 0.74, Cpu * 0.26, IoWait, Math.Max(0, 1 - Cpu - IoWait),
        Load1, Load5, ContextSwitches, Processes,
        Memory, Memory * MemoryBytes, (1 - Memory) * 0.7 * MemoryBytes,
        Disk, Disk * DiskBytes,
        DiskRead, DiskWrite, DiskBusy,
        Received, Sent,
        // Little's law: requests under way are those that arrive times how long they stay.
        Rate, P50, P99, Errors, Math.Round(Rate * P50 * 1.3),
        Heap, Collections, Collections * 0.004,
    ];
}
