namespace Forewarn.Simulator;

/// <summary>
/// One host, a second at a time. Load drives everything else: processors, latency by queueing (service time over one minus
/// utilization), traffic, disk and garbage; faults push single resources and the others follow.
/// </summary>
sealed class SimulatedHost
{
    const double SaturatedCpu = 0.98;
    const double FullMemory = 0.99;
    const double FullDisk = 0.995;

    readonly Random _random;
    readonly HostProfile _profile;
    readonly Wander _own;
    readonly Wander _memory;
    readonly Wander _disk;
    readonly DecayingAverage _load1 = new(60);
    readonly DecayingAverage _load5 = new(300);
    readonly GarbageCollectedHeap _heap;
    double _filled;

    public SimulatedHost(string entity, int seed)
    {
        Entity = entity;
        _random = Seeded.For(seed, entity);
        _profile = HostProfile.Draw(_random);
        _own = new Wander(_random, 30);
        _memory = new Wander(_random, 120);
        _disk = new Wander(_random, 300);
        _heap = new GarbageCollectedHeap(_random, _profile.MemoryBytes * 0.05, _profile.MemoryBytes * 0.02);
    }

    public string Entity { get; }

    /// <param name="demand">What the whole fleet is asked for, around 1.</param>
    public HostReading Next(double demand, FaultEffect effect)
    {
        var wanted = _profile.Load * demand * (1 + 0.06 * _own.Next());
        var rate = Math.Max(0, _profile.Capacity * wanted * (1 + 0.03 * _random.Gaussian()));
        var cpu = Math.Clamp(wanted + 0.012 * _random.Gaussian(), 0.01, 0.95);
        cpu += (SaturatedCpu + 0.006 * _random.Gaussian() - cpu) * effect.Cpu;
        cpu = Math.Clamp(cpu, 0, 1);

        var memory = _profile.MemoryShare + 0.006 * _memory.Next() + 0.001 * _random.Gaussian();
        memory += (FullMemory - memory) * effect.Memory;
        var disk = _profile.DiskShare + 0.0008 * _disk.Next();
        disk += (FullDisk - disk) * effect.Disk;
        var filling = Math.Max(0, (effect.Disk - _filled) * (FullDisk - _profile.DiskShare) * _profile.DiskBytes);
        _filled = effect.Disk;

        // A host that is nearly out of memory or space stalls on its pages and its journal.
        var stalled = 1 + 3 * Math.Max(0, memory - 0.93) / 0.06 + 2 * Math.Max(0, disk - 0.97) / 0.025;
        var p50 = _profile.ServiceTime / (1 - Math.Min(cpu, 0.95)) * effect.Latency * stalled * _random.LogNormal(0.06);
        var tail = 3.2 * _random.LogNormal(0.15) * (_random.NextDouble() < 0.01 ? 1.6 : 1);
        return Complete(cpu, memory, disk, filling, rate, p50, p50 * tail, stalled * effect.Latency);
    }

    HostReading Complete(double cpu, double memory, double disk, double filling, double rate, double p50, double p99, double distress)
    {
        var write = rate * 9_000 * _random.LogNormal(0.2) + filling;
        var busy = Math.Min(1, write / 250e6 + 0.05 * _random.LogNormal(0.3));
        var runnable = _profile.Cpus * cpu / (1 - Math.Min(cpu, 0.85)) * 0.7;
        // Collections are counted before the heap is read: the saw-tooth shows what is left.
        var collections = _heap.Next(rate * _profile.MemoryBytes * 0.02 / (_profile.Capacity * 2));
        return new()
        {
            Cpu = cpu,
            IoWait = Math.Min(1 - cpu, 0.03 * busy * _random.LogNormal(0.3)),
            Load1 = _load1.Next(runnable),
            Load5 = _load5.Next(runnable),
            ContextSwitches = (1_500 + 18 * rate) * _random.LogNormal(0.05),
            Processes = Math.Round(180 + 8 * _own.Value + _random.Gaussian()),
            Memory = memory,
            MemoryBytes = _profile.MemoryBytes,
            Disk = disk,
            DiskBytes = _profile.DiskBytes,
            DiskRead = rate * 3_000 * _random.LogNormal(0.35),
            DiskWrite = write,
            DiskBusy = busy,
            Received = rate * 1_400 * _random.LogNormal(0.05),
            Sent = rate * 6_800 * _random.LogNormal(0.05),
            Rate = rate,
            P50 = p50,
            P99 = p99,
            Errors = Math.Min(1, 0.001 * _random.LogNormal(0.4) * distress),
            Heap = _heap.Bytes,
            Collections = collections,
        };
    }
}
