using Forewarn.Contracts;

namespace Forewarn.Simulator;

/// <summary>The series every simulated host reports, in the order of <see cref="HostReading.Values"/>.</summary>
static class HostSchema
{
    /// <summary>Those from here on come from the application's exporter, the others from that of the host.</summary>
    public const int FirstOfApplication = 20;

    public static IReadOnlyList<ExternalSeries> Series { get; } =
    [
        new("system.cpu.utilization", "1"),
        Labelled("system.cpu.utilization", "1", "cpu.mode", "user"),
        Labelled("system.cpu.utilization", "1", "cpu.mode", "system"),
        Labelled("system.cpu.utilization", "1", "cpu.mode", "iowait"),
        Labelled("system.cpu.utilization", "1", "cpu.mode", "steal"),
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

    /// <summary>Names of the application's series.</summary>
    public static IReadOnlyList<string> ApplicationNames { get; } = NamesOf(Series.Skip(FirstOfApplication));

    /// <summary>Names of all series.</summary>
    public static IReadOnlyList<string> Names { get; } = NamesOf(Series);

    static IReadOnlyList<string> NamesOf(IEnumerable<ExternalSeries> series) => [.. series.Select(each => each.Name).Distinct(StringComparer.Ordinal)];

    static ExternalSeries Labelled(string name, string unit, string key, string value, double? limit = null) =>
        new(name, unit, new Dictionary<string, string>(StringComparer.Ordinal) { [key] = value }, limit);
}
