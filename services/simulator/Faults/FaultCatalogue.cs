namespace Forewarn.Simulator;

/// <summary>Every fault that can be injected.</summary>
static class FaultCatalogue
{
    /// <summary>Gradual faults reach their limit here and stay until the restart at the end.</summary>
    const double LimitReachedAt = 0.95;

    public static IReadOnlyList<Fault> All { get; } =
    [
        new("memory-leak", "memory grows steadily to its limit; a restart frees it at the end", LimitReachedAt,
            ["system.memory.utilization", "system.memory.usage"],
            progress => new() { Memory = Math.Min(1, progress / LimitReachedAt) }),
        new("cpu-saturation", "processors at 98 %, load and latency follow", 0,
            ["system.cpu.utilization", "system.cpu.load_average.1m", "http.server.request.duration.p50", "http.server.request.duration.p99"],
            _ => new() { Cpu = 1 }),
        new("latency-spike", "requests take 5 to 10 times as long, a dependency answers slowly", 0,
            ["http.server.request.duration.p50", "http.server.request.duration.p99", "http.server.active_requests"],
            progress => new() { Latency = 7.5 + 2.5 * Math.Sin(2 * Math.PI * 3 * progress) }),
        new("disk-fill", "a disk fills steadily to its limit; a clean-up frees it at the end", LimitReachedAt,
            ["system.filesystem.utilization", "system.filesystem.usage", "system.disk.io"],
            progress => new() { Disk = Math.Min(1, progress / LimitReachedAt) }),
    ];

    public static Fault? Find(string name) => All.FirstOrDefault(fault => fault.Name == name);
}
