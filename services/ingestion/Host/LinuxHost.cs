using System.IO.Enumeration;
using Forewarn.Contracts;

namespace Forewarn.Ingestion;

/// <summary>Linux: everything from /proc and /sys. In a container /proc is that of the machine, which is what is watched.</summary>
sealed class LinuxHost(TimeProvider time) : IHostSource
{
    const int MaxDevices = 16;
    static readonly TimeSpan _mountsKept = TimeSpan.FromSeconds(10);

    readonly ProcFile _stat = ProcFile.Open("/proc/stat");
    readonly ProcFile _load = ProcFile.Open("/proc/loadavg");
    readonly ProcFile _memory = ProcFile.Open("/proc/meminfo");
    readonly ProcFile _disks = ProcFile.OpenIfPresent("/proc/diskstats");
    readonly ProcFile _network = ProcFile.OpenIfPresent("/proc/net/dev");
    readonly ProcFile _mountTable = ProcFile.OpenIfPresent("/proc/self/mounts");
    readonly ProcFile _cpuPressure = ProcFile.OpenIfPresent("/proc/pressure/cpu");
    readonly ProcFile _memoryPressure = ProcFile.OpenIfPresent("/proc/pressure/memory");
    readonly ProcFile _ioPressure = ProcFile.OpenIfPresent("/proc/pressure/io");
    readonly Dictionary<string, bool> _physical = new(StringComparer.Ordinal);
    readonly SeriesSink _sink = new();
    List<Mount> _mounts = [];
    long _mountsRead;
    HostSnapshot? _earlier;

    public (SeriesSchema Schema, double[] Values)? Measure()
    {
        var now = Snapshot();
        var earlier = _earlier;
        _earlier = now;
        if (earlier is null)
            return null;
        HostSeries.Measure(earlier, now, _sink);
        return _sink.Complete();
    }

    HostSnapshot Snapshot() => new()
    {
        Seconds = (double)time.GetTimestamp() / time.TimestampFrequency,
        Cpu = CpuStat.Parse(_stat.Read()),
        Load = LoadAverage.Parse(_load.Read()),
        Memory = MemInfo.Parse(_memory.Read()),
        Disks = [.. DiskStat.Parse(_disks.Read(), device => IsPhysical("/sys/block/", device)).Take(MaxDevices)],
        Interfaces = Interfaces(NetStat.Parse(_network.Read())),
        Filesystems = Filesystems(),
        CpuPressure = Pressure.Parse(_cpuPressure.Read()),
        MemoryPressure = Pressure.Parse(_memoryPressure.Read()),
        IoPressure = Pressure.Parse(_ioPressure.Read()),
        Processes = CountProcesses(),
    };

    /// <summary>Bridges and the ends of containers come and go by the dozen; where there is hardware, it alone counts.</summary>
    List<NetStat> Interfaces(List<NetStat> all)
    {
        var physical = all.Where(one => IsPhysical("/sys/class/net/", one.Interface)).ToList();
        return [.. (physical.Count > 0 ? physical : all).Take(MaxDevices)];
    }

    bool IsPhysical(string folder, string device)
    {
        var path = folder + device;
        if (!_physical.TryGetValue(path, out var physical))
            _physical[path] = physical = Directory.Exists($"{path}/device");
        return physical;
    }

    List<FilesystemSpace> Filesystems()
    {
        if (_mountsRead == 0 || time.GetElapsedTime(_mountsRead) > _mountsKept)
        {
            _mounts = [.. Mounts.Parse(_mountTable.Read()).Take(MaxDevices)];
            _mountsRead = time.GetTimestamp();
        }
        var spaces = new List<FilesystemSpace>(_mounts.Count);
        foreach (var mount in _mounts)
        {
            try
            {
                var drive = new DriveInfo(mount.Path);
                spaces.Add(new FilesystemSpace(mount.Path, drive.TotalSize, drive.TotalFreeSpace, drive.AvailableFreeSpace));
            }
            catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
            {
                // Unmounted since the table was read, or not ours to see.
                _mountsRead = 0;
            }
        }
        return spaces;
    }

    static int CountProcesses()
    {
        var processes = new FileSystemEnumerable<byte>("/proc", static (ref entry) => 0)
        {
            ShouldIncludePredicate = static (ref entry) => char.IsAsciiDigit(entry.FileName[0]),
        };
        return processes.Count();
    }

    public void Dispose()
    {
        foreach (var file in new[] { _stat, _load, _memory, _disks, _network, _mountTable, _cpuPressure, _memoryPressure, _ioPressure })
            file.Dispose();
    }
}
