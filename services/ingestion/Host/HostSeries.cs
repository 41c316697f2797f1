namespace Forewarn.Ingestion;

/// <summary>
/// From two snapshots to series, pure. Names follow the OpenTelemetry conventions for system metrics; a counter appears
/// under its name as rate per second, so that every series is a level. <c>system.cpu.utilization</c> without a label is
/// everything but idle and I/O wait; <c>system.memory.utilization</c> is what is not available.
/// </summary>
static class HostSeries
{
    public static void Measure(HostSnapshot earlier, HostSnapshot now, SeriesSink sink)
    {
        var seconds = now.Seconds - earlier.Seconds;
        Cpu(earlier, now, seconds, sink);
        Memory(now.Memory, sink);
        Processes(earlier, now, seconds, sink);
        PressureOf("cpu", earlier.CpuPressure, now.CpuPressure with { FullMicroseconds = null }, seconds, sink);
        PressureOf("memory", earlier.MemoryPressure, now.MemoryPressure, seconds, sink);
        PressureOf("io", earlier.IoPressure, now.IoPressure, seconds, sink);
        foreach (var disk in now.Disks)
            Disk(Find(earlier.Disks, disk, static (a, b) => a.Device == b.Device), disk, seconds, sink);
        foreach (var space in now.Filesystems)
            Filesystem(space, sink);
        foreach (var network in now.Interfaces)
            Network(Find(earlier.Interfaces, network, static (a, b) => a.Interface == b.Interface), network, seconds, sink);
    }

    static void Cpu(HostSnapshot earlier, HostSnapshot now, double seconds, SeriesSink sink)
    {
        const string Name = "system.cpu.utilization";
        var passed = now.Cpu.Times.Since(earlier.Cpu.Times);
        var total = (double)passed.Total;
        sink.Add(Name, "1", 1 - (passed.Idle + passed.IoWait) / total);
        Mode("user", passed.User);
        Mode("nice", passed.Nice);
        Mode("system", passed.System);
        Mode("idle", passed.Idle);
        Mode("iowait", passed.IoWait);
        Mode("interrupt", passed.Interrupt);
        Mode("steal", passed.Steal);
        sink.Add("system.cpu.load_average.1m", "{thread}", now.Load.OneMinute);
        sink.Add("system.cpu.load_average.5m", "{thread}", now.Load.FiveMinutes);
        sink.Add("system.cpu.load_average.15m", "{thread}", now.Load.FifteenMinutes);
        sink.Add("system.linux.context_switches", "{switch}/s", Counters.Rate(earlier.Cpu.ContextSwitches, now.Cpu.ContextSwitches, seconds));
        sink.Add("system.linux.interrupts", "{interrupt}/s", Counters.Rate(earlier.Cpu.Interrupts, now.Cpu.Interrupts, seconds));

        void Mode(string mode, ulong ticks) => sink.Add(Name, "1", "cpu.mode", mode, ticks / total);
    }

    static void Memory(MemInfo memory, SeriesSink sink)
    {
        const string Usage = "system.memory.usage";
        const string State = "system.memory.state";
        sink.Add("system.memory.utilization", "1", memory.Utilization, limit: 1);
        sink.Add(Usage, "By", State, "used", memory.Used);
        sink.Add(Usage, "By", State, "free", memory.Free);
        sink.Add(Usage, "By", State, "buffers", memory.Buffers);
        sink.Add(Usage, "By", State, "cached", memory.Cached);
        sink.Add("system.memory.linux.available", "By", memory.Available);
        sink.Add("system.memory.linux.dirty", "By", memory.Dirty);
        if (memory.SwapTotal == 0)
            return;
        sink.Add("system.paging.utilization", "1", memory.SwapUtilization, limit: 1);
        sink.Add("system.paging.usage", "By", memory.SwapTotal - memory.SwapFree);
    }

    static void Processes(HostSnapshot earlier, HostSnapshot now, double seconds, SeriesSink sink)
    {
        sink.Add("system.process.count", "{process}", now.Processes);
        sink.Add("system.process.count", "{process}", "process.state", "running", now.Cpu.Running);
        sink.Add("system.process.count", "{process}", "process.state", "blocked", now.Cpu.Blocked);
        sink.Add("system.process.created", "{process}/s", Counters.Rate(earlier.Cpu.Created, now.Cpu.Created, seconds));
        sink.Add("system.thread.count", "{thread}", now.Load.Threads);
    }

    static void PressureOf(string resource, Pressure earlier, Pressure now, double seconds, SeriesSink sink)
    {
        Kind("some", earlier.SomeMicroseconds, now.SomeMicroseconds);
        Kind("full", earlier.FullMicroseconds, now.FullMicroseconds);

        void Kind(string kind, ulong? before, ulong? after)
        {
            if (after is not { } total)
                return;
            var ratio = Math.Min(1, Counters.Rate(before ?? total, total, seconds) / 1e6);
            sink.Add("system.linux.pressure", "1", ("system.pressure.resource", resource), ("system.pressure.kind", kind), ratio);
        }
    }

    static void Disk(DiskStat? earlier, DiskStat now, double seconds, SeriesSink sink)
    {
        var device = ("system.device", now.Device);
        var before = earlier ?? now;
        // A device that was not there before has no rates yet.
        var span = earlier is null ? 0 : seconds;
        sink.Add("system.disk.io", "By/s", device, ("disk.io.direction", "read"), Counters.Rate(before.ReadBytes, now.ReadBytes, span));
        sink.Add("system.disk.io", "By/s", device, ("disk.io.direction", "write"), Counters.Rate(before.WrittenBytes, now.WrittenBytes, span));
        sink.Add("system.disk.operations", "{operation}/s", device, ("disk.io.direction", "read"), Counters.Rate(before.Reads, now.Reads, span));
        sink.Add("system.disk.operations", "{operation}/s", device, ("disk.io.direction", "write"), Counters.Rate(before.Writes, now.Writes, span));
        sink.Add("system.disk.io_time", "1", "system.device", now.Device, Math.Min(1, Counters.Rate(before.BusyMs, now.BusyMs, span, is32Bit: true) / 1000));
    }

    static void Filesystem(FilesystemSpace space, SeriesSink sink)
    {
        const string MountPoint = "system.filesystem.mountpoint";
        sink.AddLimited("system.filesystem.utilization", "1", MountPoint, space.Path, space.Utilization, limit: 1);
        sink.Add("system.filesystem.usage", "By", (MountPoint, space.Path), ("system.filesystem.state", "used"), space.Used);
        sink.Add("system.filesystem.usage", "By", (MountPoint, space.Path), ("system.filesystem.state", "free"), space.Free);
    }

    static void Network(NetStat? earlier, NetStat now, double seconds, SeriesSink sink)
    {
        var before = earlier ?? now;
        var span = earlier is null ? 0 : seconds;
        Direction("receive", before.Receive, now.Receive);
        Direction("transmit", before.Transmit, now.Transmit);

        void Direction(string name, NetCounters from, NetCounters to)
        {
            var (device, direction) = (("network.interface.name", now.Interface), ("network.io.direction", name));
            sink.Add("system.network.io", "By/s", device, direction, Counters.Rate(from.Bytes, to.Bytes, span));
            sink.Add("system.network.packet.count", "{packet}/s", device, direction, Counters.Rate(from.Packets, to.Packets, span));
            sink.Add("system.network.errors", "{error}/s", device, direction, Counters.Rate(from.Errors, to.Errors, span));
            sink.Add("system.network.packet.dropped", "{packet}/s", device, direction, Counters.Rate(from.Dropped, to.Dropped, span));
        }
    }

    static T? Find<T>(IReadOnlyList<T> earlier, T now, Func<T, T, bool> same)
        where T : struct
    {
        foreach (var candidate in earlier)
        {
            if (same(candidate, now))
                return candidate;
        }
        return null;
    }
}
