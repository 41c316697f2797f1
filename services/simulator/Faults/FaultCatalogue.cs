namespace Forewarn.Simulator;

/// <summary>Every fault that can be injected.</summary>
static class FaultCatalogue
{
    const string Cpu = "system.cpu.utilization";
    const string Load1 = "system.cpu.load_average.1m";
    const string Load5 = "system.cpu.load_average.5m";
    const string Switches = "system.linux.context_switches";
    const string DiskIo = "system.disk.io";
    const string DiskBusy = "system.disk.io_time";
    const string NetworkIo = "system.network.io";
    const string Rate = "http.server.request.rate";
    const string P50 = "http.server.request.duration.p50";
    const string P99 = "http.server.request.duration.p99";
    const string Errors = "http.server.request.error_ratio";
    const string Active = "http.server.active_requests";
    const string Heap = "dotnet.gc.heap.size";
    const string Collections = "dotnet.gc.collections";
    const string Pauses = "dotnet.gc.pause_ratio";

    static readonly FaultParameter _factor = new("factor", "how many times as long requests take", 6, 1.2, 100);

    public static IReadOnlyList<Fault> All { get; } = [.. Resources(), .. Requests(), .. Reporting(), .. Neighbours()];

    public static Fault? Find(string name) => All.FirstOrDefault(fault => fault.Name == name);

    static IEnumerable<Fault> Resources() =>
    [
        new()
        {
            Name = "cpu-saturation", Description = "processors at 98 %, load and latency follow",
            Onset = Onset.Abrupt, Series = [Cpu, Load1, Load5, P50, P99, Active],
            Parameters = [Fault.Severity, Shapes.Ramp], Shape = Shapes.Step,
            Effect = static (_, strength) => new() { Cpu = strength },
        },
        new()
        {
            Name = "memory-leak", Description = "memory grows steadily to its limit; a restart frees it at the end",
            Onset = Onset.Gradual, Series = ["system.memory.utilization", "system.memory.usage", P50, P99, Errors, Active],
            Parameters = [Fault.Severity, Shapes.Growth], Shape = Shapes.Growing, FailsAt = static _ => 1,
            Effect = static (_, strength) => new() { Memory = strength },
        },
        new()
        {
            Name = "disk-fill", Description = "a disk fills steadily to its limit; a clean-up frees it at the end",
            Onset = Onset.Gradual, Series = ["system.filesystem.utilization", "system.filesystem.usage", DiskIo, DiskBusy, Cpu, P50, P99, Errors, Active],
            Parameters = [Fault.Severity, Shapes.Growth], Shape = Shapes.Growing, FailsAt = static _ => 1,
            Effect = static (_, strength) => new() { Disk = strength },
        },
    ];

    static IEnumerable<Fault> Requests() =>
    [
        new()
        {
            Name = "latency-spike", Description = "requests take 5 to 10 times as long in waves, a dependency answers slowly",
            Onset = Onset.Abrupt, Series = [P50, P99, Errors, Active],
            Parameters = [Fault.Severity, _factor with { Default = 10 }], Shape = Shapes.Waves,
            Effect = static (settings, strength) => new() { Latency = 1 + (settings["factor"] - 1) * Math.Max(0, 1.5 * strength - 0.5) },
        },
        new()
        {
            Name = "latency-creep", Description = "requests take longer and longer; a failure when they take three times as long",
            Onset = Onset.Gradual, Series = [P50, P99, Errors, Active],
            Parameters = [_factor, Shapes.Growth], Shape = Shapes.Creeping, FailsAt = static settings => 2 / (settings["factor"] - 1),
            Effect = static (settings, strength) => new() { Latency = 1 + (settings["factor"] - 1) * strength },
        },
        new()
        {
            Name = "error-burst", Description = "a share of requests fails, at once and quickly",
            Onset = Onset.Abrupt, Series = [Errors],
            Parameters = [new("ratio", "share of requests that fail", 0.2, 0.005, 1), Shapes.Ramp], Shape = Shapes.Step,
            Effect = static (settings, strength) => new() { Errors = settings["ratio"] * strength },
        },
        new()
        {
            Name = "traffic-drop", Description = "most requests no longer arrive, what follows load falls with them",
            Onset = Onset.Abrupt, Series = [Rate, Active, NetworkIo, Cpu, Load1, Load5, P50, P99, Switches, DiskIo, Heap, Collections, Pauses],
            Parameters = [new("left", "share of requests that still arrive", 0.1, 0, 0.9), Shapes.Ramp], Shape = Shapes.Step,
            Effect = static (settings, strength) => new() { Traffic = 1 - (1 - settings["left"]) * strength },
        },
        new()
        {
            Name = "flapping", Description = "an instance fails and recovers again and again",
            Onset = Onset.Abrupt, Series = [Errors, P50, P99, Active],
            Parameters = [Fault.Severity, Shapes.Period, Shapes.Duty], Shape = Shapes.Flapping,
            Effect = static (_, strength) => new() { Errors = 0.4 * strength, Latency = 1 + 3 * strength },
        },
        new()
        {
            Name = "deploy-regression", Description = "a release that needs more processor time and longer for each request",
            Onset = Onset.Abrupt, Series = [Cpu, Load1, Load5, P50, P99, Errors, Active],
            Parameters = [Fault.Severity, Shapes.Ramp with { Default = 10 }, _factor with { Default = 1.8 }], Shape = Shapes.Step,
            Effect = static (settings, strength) => new()
            {
                Work = 1 + 0.5 * strength,
                Latency = 1 + (settings["factor"] - 1) * strength,
                Errors = 0.01 * strength,
            },
        },
    ];

    static IEnumerable<Fault> Reporting() =>
    [
        new()
        {
            Name = "flat-line", Description = "the application's exporter is stuck and repeats its last values",
            Onset = Onset.Abrupt, Series = HostSchema.ApplicationNames, Shape = Shapes.Constant,
            Effect = static (_, _) => new() { Stuck = true },
        },
        new()
        {
            Name = "silence", Description = "the host reports nothing any more",
            Onset = Onset.Abrupt, Series = HostSchema.Names, Shape = Shapes.Constant,
            Effect = static (_, _) => new() { Silent = true },
        },
        new()
        {
            Name = "clock-skew", Description = "the host's clock jumps, its samples bear wrong times",
            Onset = Onset.Abrupt, Series = HostSchema.Names, Shape = Shapes.Constant,
            Parameters = [new("skew", "seconds ahead, negative = behind", -120, -3600, 3600)],
            Effect = static (settings, _) => new() { SkewSeconds = settings["skew"] },
        },
    ];

    static IEnumerable<Fault> Neighbours() =>
    [
        new()
        {
            Name = "noisy-neighbour", Description = "another tenant takes processor time from all hosts of a physical node",
            Onset = Onset.Abrupt, Reach = Reach.Node, Series = [Cpu, Load1, Load5, P50, P99, Active],
            Parameters = [new("steal", "share of processor time taken", 0.35, 0.02, 0.8), Shapes.Ramp with { Default = 3 }], Shape = Shapes.Step,
            Effect = static (settings, strength) => new() { Steal = settings["steal"] * strength },
        },
        new()
        {
            Name = "network-partition", Description = "a rack loses most of its links: requests wait for what they cannot reach, and fail",
            Onset = Onset.Abrupt, Reach = Reach.Rack, Series = [NetworkIo, Rate, P50, P99, Errors, Active, Cpu, Load1, Load5, Switches, DiskIo, Heap, Collections, Pauses],
            Parameters = [new("loss", "share of the links that are lost", 0.7, 0.05, 1), Shapes.Ramp], Shape = Shapes.Step,
            Effect = static (settings, strength) => settings["loss"] * strength is var lost
                ? new() { Loss = lost, Traffic = 1 - 0.5 * lost, Latency = 1 + 10 * lost, Errors = 0.6 * lost }
                : FaultEffect.None,
        },
    ];
}
