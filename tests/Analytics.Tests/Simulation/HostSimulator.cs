namespace Forewarn.Analytics.Tests.Simulation;

/// <summary>Faults the simulated host can suffer.</summary>
public enum Fault
{
    None,
    CpuSaturation,
    MemoryLeak,
    LatencySpike,
    DiskFill,
}

/// <summary>
/// A quiet but bursty Linux host of 60 series, written apart from the library's own generator: jobs every 30 s to
/// 5 min that touch cpu, disk and network together, load averages with the kernel's filters, mostly idle disks.
/// </summary>
public sealed class HostSimulator
{
    readonly SeededRandom _random;
    readonly List<(string Name, string Unit)> _series = [];
    readonly double[] _load = new double[3];
    readonly double _cpuBase;
    readonly double _jobEvery;
    readonly double _latencyMs;
    double _memory;
    double _disk;
    double _psi;
    double _job;
    double _jobKind;
    int _jobLeft;
    int _processes = 180;
    double[] _values = [];
    int _at;

    public HostSimulator(long seed)
    {
        _random = new SeededRandom(seed, 77);
        _cpuBase = _random.Between(0.01, 0.06);
        _jobEvery = _random.Between(30, 300);
        _latencyMs = _random.Between(3, 40);
        _memory = _random.Between(0.25, 0.5);
        _disk = _random.Between(0.3, 0.6);
        _load[0] = _load[1] = _load[2] = _random.Between(0.05, 0.4);
        Tick(0, Fault.None, 0, new double[64], collect: true);
    }

    public IReadOnlyList<(string Name, string Unit)> Series => _series;

    /// <param name="tick">Seconds since the start.</param>
    /// <param name="fault">What is wrong at this tick.</param>
    /// <param name="faultAge">Seconds since it went wrong.</param>
    /// <param name="values">One value per series.</param>
    public void Next(int tick, Fault fault, int faultAge, double[] values) => Tick(tick, fault, faultAge, values, collect: false);

    void Tick(int tick, Fault fault, int age, double[] values, bool collect)
    {
        _values = values;
        _at = 0;
        Job();
        var saturated = fault == Fault.CpuSaturation;
        var user = saturated ? 0.93 + (0.02 * _random.NextDouble()) : Math.Max(0.002, (_cpuBase * (1 + (0.35 * Noise()))) + (0.25 * _job * _jobKind));
        var system = Math.Max(0.001, (0.4 * _cpuBase * (1 + (0.4 * Noise()))) + (0.1 * _job));
        var wait = _job > 0 && _random.Chance(0.5) ? 0.1 * _job * (1 - _jobKind) * _random.NextExponential(1) : _random.Chance(0.03) ? 0.004 : 0;
        Cpu(user, system, wait, collect);
        Loads(saturated ? 4 : (3 * user) + wait + _random.NextExponential(0.05), collect);
        Memory(fault == Fault.MemoryLeak ? 0.003 : 0, collect);
        Disks(fault == Fault.DiskFill ? 0.002 : 0, collect);
        Network(collect);
        Rest(tick, saturated, fault == Fault.LatencySpike ? 5 : 1, collect);
    }

    void Cpu(double user, double system, double wait, bool collect)
    {
        var busy = Math.Min(1, user + system + wait);
        Put("system.cpu.utilization{user}", "1", Math.Min(user, 1 - Math.Min(system, 0.05)), collect);
        Put("system.cpu.utilization{system}", "1", Math.Min(system, 0.1 + (0.9 * system)), collect);
        Put("system.cpu.utilization{iowait}", "1", Math.Min(wait, 1), collect);
        Put("system.cpu.utilization{idle}", "1", 1 - busy, collect);
        Put("system.cpu.utilization{steal}", "1", _random.Chance(0.01) ? 0.005 : 0, collect);
        Put("system.cpu.utilization{softirq}", "1", 0.001 * _random.NextExponential(1), collect);
        for (var cpu = 0; cpu < 4; cpu++)
        {
            Put($"system.cpu.{cpu}.utilization", "1", Math.Clamp(busy * (1 + (0.3 * Noise())), 0, 1), collect);
        }
    }

    void Loads(double active, bool collect)
    {
        double[] seconds = [60, 300, 900];
        for (var i = 0; i < 3; i++)
        {
            // The kernel samples every 5 s.
            _load[i] += (active - _load[i]) * (1 - Math.Exp(-1 / seconds[i]));
            Put($"system.cpu.load_average.{i}", "{thread}", Math.Round(_load[i], 2), collect);
        }
    }

    void Memory(double leak, bool collect)
    {
        _memory = Math.Min(0.995, _memory + leak + (0.0003 * Noise()) + (_random.Chance(0.002) ? 0.004 * Noise() : 0));
        Put("system.memory.utilization{used}", "1", _memory + (0.01 * _job), collect);
        Put("system.memory.usage{used}", "By", _memory * 8e9, collect);
        Put("system.memory.usage{free}", "By", (1 - _memory) * 4e9, collect);
        Put("system.memory.usage{cached}", "By", 2e9 + (1e6 * Noise()), collect);
        Put("system.paging.utilization", "1", 0.02, collect);
        Put("system.paging.faults", "{fault}/s", Math.Round(Math.Abs(200 * (1 + (0.7 * Noise()))) + (5000 * _job)), collect);
        Put("system.paging.major", "{fault}/s", _random.Chance(0.01 + (0.3 * _job)) ? Math.Ceiling(_random.NextExponential(10)) : 0, collect);
    }

    void Disks(double fill, bool collect)
    {
        _disk = Math.Min(0.999, _disk + fill + (1e-6 * _job));
        Put("system.filesystem.utilization{/}", "1", _disk + (1e-5 * Noise()), collect);
        Put("system.filesystem.utilization{/boot}", "1", 0.31, collect);
        for (var disk = 0; disk < 2; disk++)
        {
            var active = _job > 0 && _random.Chance(0.8) ? _job * _random.NextExponential(1) : _random.Chance(0.04) ? 0.02 * _random.NextExponential(1) : 0;
            var writes = Math.Round(400 * active * (1 - (0.5 * disk)));
            var reads = _random.Chance(0.3) ? Math.Round(150 * active) : 0;
            Put($"system.disk.operations{{{disk},write}}", "{operation}/s", writes, collect);
            Put($"system.disk.operations{{{disk},read}}", "{operation}/s", reads, collect);
            Put($"system.disk.io{{{disk},write}}", "By/s", writes * 4096 * (1 + Math.Floor(_random.NextExponential(3))), collect);
            Put($"system.disk.io{{{disk},read}}", "By/s", reads * 16384, collect);
            Put($"system.disk.io_time{{{disk}}}", "1", Math.Min(1, 0.3 * active), collect);
        }
    }

    void Network(bool collect)
    {
        for (var nic = 0; nic < 3; nic++)
        {
            var scale = nic switch { 0 => 20, 1 => 2, _ => 0.2 };
            for (var way = 0; way < 2; way++)
            {
                var packets = Math.Round(scale * Math.Exp(0.6 * Noise()) * (1 + (nic == 0 ? 30 * _job * _random.NextDouble() : 0)));
                Put($"system.network.packets{{{nic},{way}}}", "{packet}/s", packets, collect);
                Put($"system.network.io{{{nic},{way}}}", "By/s", packets * _random.Between(80, 900), collect);
            }

            Put($"system.network.errors{{{nic}}}", "{error}/s", 0, collect);
        }
    }

    void Rest(int tick, bool saturated, double slow, bool collect)
    {
        _processes += _random.Chance(0.03) ? _random.NextInt(3) - 1 : 0;
        Put("system.process.count", "{process}", _processes + Math.Ceiling(4 * _job), collect);
        Put("system.process.running", "{process}", saturated ? 5 : 1 + Math.Round(3 * _job * _random.NextDouble()), collect);
        Put("system.linux.context_switches", "{switch}/s", Math.Round(900 * Math.Exp(0.25 * Noise()) * (1 + (3 * _job))), collect);
        Put("system.linux.interrupts", "{interrupt}/s", Math.Round(600 * Math.Exp(0.2 * Noise()) * (1 + (2 * _job))), collect);
        _psi += ((saturated ? 0.6 : 0.3 * _job * _jobKind) - _psi) * 0.1;
        Put("system.linux.pressure{cpu}", "1", Math.Round(_psi + (_random.Chance(0.05) ? 0.002 : 0), 4), collect);
        Put("system.linux.pressure{io}", "1", Math.Round(_job > 0 ? 0.2 * _job * _random.NextDouble() : 0, 4), collect);
        Put("system.linux.pressure{memory}", "1", 0, collect);
        Put("system.uptime", "s", 5000 + tick, collect);
        for (var service = 0; service < 3; service++)
        {
            var spike = _random.Chance(0.004) ? 1 + _random.NextExponential(6) : 1;
            var ms = _latencyMs * (1 + service) * Math.Exp(0.15 * Noise()) * spike * (1 + (0.4 * _job)) * (saturated ? 1.5 : 1) * slow;
            Put($"http.client.request.duration{{{service}}}", "s", ms / 1000, collect);
        }

        Put("http.client.failures", "{failure}/s", 0, collect);
        Put("process.open_files", "{file}", 1200 + Math.Round(5 * Noise()), collect);
        Put("tcp.connections", "{connection}", Math.Max(3, 20 + Math.Round(3 * Noise())), collect);
    }

    void Job()
    {
        if (_jobLeft == 0 && _random.Chance(1 / _jobEvery))
        {
            _jobLeft = 1 + _random.NextInt(6);
            _job = 0.2 + _random.NextExponential(0.4);
            _jobKind = _random.NextDouble();
        }

        _job = _jobLeft == 0 ? 0 : _job * _random.Between(0.7, 1.3);
        _jobLeft = Math.Max(0, _jobLeft - 1);
    }

    double Noise() => _random.NextGaussian();

    void Put(string name, string unit, double value, bool collect)
    {
        if (collect)
        {
            _series.Add((name, unit));
        }

        _values[_at++] = value;
    }
}
