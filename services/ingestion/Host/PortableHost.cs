using System.Diagnostics;
using System.Net.NetworkInformation;
using Forewarn.Contracts;

namespace Forewarn.Ingestion;

/// <summary>Other systems: what .NET itself can tell. Processor time of the whole machine is not among it.</summary>
sealed class PortableHost(TimeProvider time) : IHostSource
{
    readonly SeriesSink _sink = new();
    Dictionary<string, (ulong Received, ulong Sent)> _earlier = new(StringComparer.Ordinal);
    double _earlierSeconds = double.NaN;

    public (SeriesSchema Schema, double[] Values)? Measure()
    {
        var now = (double)time.GetTimestamp() / time.TimestampFrequency;
        var elapsed = now - _earlierSeconds;
        _earlierSeconds = now;
        var memory = GC.GetGCMemoryInfo();
        if (memory.TotalAvailableMemoryBytes > 0 && memory.MemoryLoadBytes > 0)
            _sink.Add("system.memory.utilization", "1", (double)memory.MemoryLoadBytes / memory.TotalAvailableMemoryBytes, limit: 1);
        _sink.Add("system.process.count", "{process}", Process.GetProcesses().Length);
        Drives();
        Network(double.IsNaN(elapsed) ? 0 : elapsed);
        return _sink.Complete();
    }

    void Drives()
    {
        foreach (var drive in DriveInfo.GetDrives().Where(drive => drive.DriveType == DriveType.Fixed && drive.IsReady))
        {
            var space = new FilesystemSpace(drive.Name, drive.TotalSize, drive.TotalFreeSpace, drive.AvailableFreeSpace);
            _sink.AddLimited("system.filesystem.utilization", "1", "system.filesystem.mountpoint", space.Path, space.Utilization, limit: 1);
        }
    }

    void Network(double seconds)
    {
        var counters = new Dictionary<string, (ulong Received, ulong Sent)>(StringComparer.Ordinal);
        foreach (var network in NetworkInterface.GetAllNetworkInterfaces())
        {
            if (network.OperationalStatus != OperationalStatus.Up || network.NetworkInterfaceType == NetworkInterfaceType.Loopback)
                continue;
            var statistics = network.GetIPStatistics();
            var now = (Received: (ulong)statistics.BytesReceived, Sent: (ulong)statistics.BytesSent);
            var before = _earlier.TryGetValue(network.Name, out var known) ? known : now;
            counters[network.Name] = now;
            _sink.Add("system.network.io", "By/s", ("network.interface.name", network.Name), ("network.io.direction", "receive"),
                Counters.Rate(before.Received, now.Received, seconds));
            _sink.Add("system.network.io", "By/s", ("network.interface.name", network.Name), ("network.io.direction", "transmit"),
                Counters.Rate(before.Sent, now.Sent, seconds));
        }
        _earlier = counters;
    }

    public void Dispose()
    {
    }
}
