namespace Forewarn.Simulator;

/// <summary>
/// One host, a second at a time. Load drives everything else: processors, latency by queueing (service time over one minus
/// utilization), traffic, disk and garbage; faults push single resources and the others follow.
/// </summary>
/// <remarks>Every second draws as many random numbers whatever goes on, so that a fault changes nothing but what it does.</remarks>
sealed class SimulatedHost
{
    const double SaturatedCpu = 0.98;
    const double FullMemory = 0.99;
    const double FullDisk = 0.995;

    /// <summary>By the formula, latency would be endless at full utilization; a real queue is bounded.</summary>
    const double MostQueueing = 0.95;

    readonly Random _random;
    readonly Random _gaps;
    readonly double _missing;
    readonly HostProfile _profile;
    readonly Wander _own;
    readonly Wander _memory;
    readonly Wander _disk;
    readonly DecayingAverage _load1 = new(60);
    readonly DecayingAverage _load5 = new(300);
    readonly GarbageCollectedHeap _heap;
    readonly BatchJobs _jobs;
    readonly Deploys _deploys;
    double _filled;
    HostReading? _stuck;
    HostReading _last;

    /// <param name="entity">What it is called where it reports.</param>
    /// <param name="name">What its random numbers depend on, besides the seed.</param>
    /// <param name="missing">Share of seconds in which an exporter does not answer.</param>
    public SimulatedHost(string entity, string name, int seed, double missing)
    {
        Entity = entity;
        _missing = missing;
        _random = Seeded.For(seed, name);
        _gaps = Seeded.For(seed, $"{name} gaps");
        _profile = HostProfile.Draw(_random);
        _own = new Wander(_random, 30);
        _memory = new Wander(_random, 120);
        _disk = new Wander(_random, 300);
        _heap = new GarbageCollectedHeap(Seeded.For(seed, $"{name} heap"), _profile.MemoryBytes * 0.05, _profile.MemoryBytes * 0.02);
        var habits = Seeded.For(seed, $"{name} habits");
        _jobs = new BatchJobs(habits);
        _deploys = new Deploys(habits);
    }

    public string Entity { get; }

    /// <summary>Where it stands, as <see cref="FleetPlan.AttributesOf"/>.</summary>
    public IReadOnlyDictionary<string, string> Attributes { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    public HostReading Next(Surroundings around, FaultEffect effect)
    {
        if (_deploys.At(around.T))
            effect = effect with { Traffic = effect.Traffic * 0.4, Errors = effect.Errors + 0.004 };
        var reading = Gaps(Measure(around, effect) with { Silent = effect.Silent, SkewMs = (long)(effect.SkewSeconds * 1000) });
        // An exporter that is stuck goes on telling what it told last.
        _stuck = effect.Stuck ? _stuck ?? _last : null;
        _last = reading;
        return _stuck is not { } told
            ? reading
            : reading with { Rate = told.Rate, P50 = told.P50, P99 = told.P99, Errors = told.Errors, Heap = told.Heap, Collections = told.Collections };
    }

    HostReading Gaps(HostReading reading)
    {
        var drawn = _gaps.NextDouble();
        return drawn < _missing ? reading with { ApplicationMissing = true }
            : drawn > 1 - _missing / 4 ? reading with { Silent = true }
            : reading;
    }

    HostReading Measure(Surroundings around, FaultEffect effect)
    {
        var job = _jobs.At(around.T) * _profile.JobLoad;
        var wanted = _profile.Load * around.Demand * (1 + 0.06 * _own.Next()) * (1 + 0.02 * around.Rack) * effect.Traffic;
        var rate = Math.Max(0, _profile.Capacity * wanted * (1 + 0.03 * _random.Gaussian()));
        var cpu = Math.Clamp(wanted * effect.Work + job + 0.004 * around.Node + 0.012 * _random.Gaussian(), 0.01, 0.95);
        cpu += (SaturatedCpu + 0.006 * _random.Gaussian() - cpu) * effect.Cpu;
        var steal = Math.Clamp(0.004 * _random.LogNormal(0.4) * Math.Exp(0.3 * around.Node) + effect.Steal, 0, 0.9);
        cpu = Math.Clamp(cpu, 0, 1 - steal);

        var memory = _profile.MemoryShare + 0.006 * _memory.Next() + 0.001 * _random.Gaussian();
        memory += (FullMemory - memory) * effect.Memory;
        var disk = _profile.DiskShare + 0.0008 * _disk.Next();
        disk += (FullDisk - disk) * effect.Disk;
        var filling = Math.Max(0, (effect.Disk - _filled) * (FullDisk - _profile.DiskShare) * _profile.DiskBytes);
        _filled = effect.Disk;

        // A host that is nearly out of memory or space stalls on its pages and its journal.
        var stalled = 1 + 3 * Math.Max(0, memory - 0.93) / 0.06 + 2 * Math.Max(0, disk - 0.97) / 0.025;
        // What others take of the processors is missing to this host: the same work fills what is left.
        var utilization = Math.Min(cpu / (1 - steal), 1);
        var slow = effect.Latency * stalled * (1 + 0.02 * around.Node + 0.01 * around.Rack);
        var p50 = _profile.ServiceTime / (1 - Math.Min(utilization, MostQueueing)) * slow * _random.LogNormal(0.06);
        var p99 = p50 * 3.2 * _random.LogNormal(0.15) * Outlier();
        var errors = Math.Min(1, 0.001 * _random.LogNormal(0.4) * stalled * Math.Sqrt(effect.Latency) + effect.Errors);
        return Complete(new(cpu, utilization, steal, memory, disk, filling, job, rate, p50, p99, errors), around, 1 - effect.Loss);
    }

    /// <summary>One second in a hundred has a request far out in the tail, by Pareto with exponent 2.5.</summary>
    double Outlier()
    {
        var (happens, far) = (_random.NextDouble() < 0.01, Math.Pow(1 - _random.NextDouble(), -1 / 2.5));
        return happens ? Math.Min(8, 1.3 * far) : 1;
    }

    HostReading Complete(Core core, Surroundings around, double network)
    {
        var ordinary = _profile.Capacity * _profile.Load * 9_000;
        var write = core.Rate * 9_000 * _random.LogNormal(0.2) + core.Filling + 40 * core.Job * ordinary;
        var busy = Math.Min(1, write / 250e6 + 0.05 * _random.LogNormal(0.3) * Math.Exp(0.1 * around.Node));
        var runnable = _profile.Cpus * core.Utilization / (1 - Math.Min(core.Utilization, 0.85)) * 0.7;
        // Collections are counted before the heap is read: the saw-tooth shows what is left.
        var collections = _heap.Next(core.Rate * _profile.MemoryBytes * 0.02 / (_profile.Capacity * 2));
        return new()
        {
            Cpu = core.Cpu,
            IoWait = Math.Clamp(0.03 * busy * _random.LogNormal(0.3), 0, Math.Max(0, 1 - core.Cpu - core.Steal)),
            Steal = core.Steal,
            Load1 = _load1.Next(runnable),
            Load5 = _load5.Next(runnable),
            ContextSwitches = (1_500 + 18 * core.Rate) * _random.LogNormal(0.05),
            Processes = Math.Round(180 + 8 * _own.Value + _random.Gaussian()),
            Memory = core.Memory,
            MemoryBytes = _profile.MemoryBytes,
            Disk = core.Disk,
            DiskBytes = _profile.DiskBytes,
            DiskRead = core.Rate * 3_000 * _random.LogNormal(0.35),
            DiskWrite = write,
            DiskBusy = busy,
            Received = core.Rate * 1_400 * _random.LogNormal(0.05) * network,
            Sent = core.Rate * 6_800 * _random.LogNormal(0.05) * network,
            Rate = core.Rate,
            P50 = core.P50,
            P99 = core.P99,
            Errors = core.Errors,
            Heap = _heap.Bytes,
            Collections = collections,
        };
    }

    readonly record struct Core(
        double Cpu, double Utilization, double Steal, double Memory, double Disk, double Filling, double Job, double Rate, double P50, double P99, double Errors);
}
