using Forewarn.Analytics;
using Forewarn.Contracts;

namespace Forewarn.Predictor.Tests;

/// <summary>A small server that works, second by second, and what goes wrong with it.</summary>
sealed class SimulatedHost
{
    const double MemoryBytes = 16e9;

    static readonly Dictionary<string, string> None = new(StringComparer.Ordinal);

    readonly Random _random;
    readonly SeriesFeatures[] _features;
    readonly double[] _values;
    double _memory = 0.4;
    double _load = 0.5;
    double _burst;
    int _second;

    public SimulatedHost(int seed)
    {
        _random = new Random(seed);
        _features = [.. Schema.Columns.Select(column => new SeriesFeatures(column.Unit))];
        _values = new double[Schema.Columns.Count];
    }

    public static SeriesSchema Schema { get; } = SeriesSchema.Of(
    [
        Column("system.cpu.utilization", "1", "cpu.mode", "user"),
        Column("system.cpu.utilization", "1", "cpu.mode", "system"),
        Column("system.cpu.utilization", "1", "cpu.mode", "iowait"),
        Column("system.cpu.utilization", "1", "cpu.mode", "idle"),
        Column("system.cpu.load_average.1m", "{thread}"),
        Column("system.memory.utilization", "1", "system.memory.state", "used"),
        Column("system.memory.usage", "By", "system.memory.state", "used"),
        Column("system.memory.usage", "By", "system.memory.state", "free"),
        Column("system.disk.io", "By/s", "disk.io.direction", "read"),
        Column("system.disk.io", "By/s", "disk.io.direction", "write"),
        Column("system.disk.operations", "{operation}/s"),
        Column("system.filesystem.utilization", "1", "system.device", "/dev/sda1"),
        Column("system.network.io", "By/s", "network.io.direction", "receive"),
        Column("system.network.io", "By/s", "network.io.direction", "transmit"),
        Column("system.network.packet.count", "{packet}/s"),
        Column("system.process.count", "{process}"),
        Column("http.server.request.rate", "{request}/s"),
        Column("http.server.request.duration", "s"),
    ]);

    /// <summary>Share of all cores that a runaway process takes.</summary>
    public double Runaway { get; set; }

    /// <summary>Share of memory that is lost per second.</summary>
    public double LeakPerSecond { get; set; }

    /// <summary>Share of memory in use.</summary>
    public double Memory
    {
        get => _memory;
        set => _memory = value;
    }

    public FeatureTick Next(long t0)
    {
        Advance();
        var tick = new FeatureTick(t0 + (_second * 1000L), new float[_values.Length * FeatureSpec.Count]);
        for (var i = 0; i < _values.Length; i++)
            _features[i].Update(tick.T, _values[i], tick.Features.AsSpan(i * FeatureSpec.Count, FeatureSpec.Count));
        _second++;
        return tick;
    }

    public EntityMaturity Maturity => _second < MaturityLevels.WarmingSamples ? EntityMaturity.Cold
        : _second < MaturityLevels.WarmSamples ? EntityMaturity.Warming : EntityMaturity.Warm;

    void Advance()
    {
        if (_random.NextDouble() < 1 / 40.0)
            _burst = 0.1 + (0.15 * _random.NextDouble());
        _burst *= 0.6;
        var user = Math.Min(0.99, 0.08 + _burst + Noise(0.015) + (0.9 * Runaway));
        var system = Math.Min(1 - user, 0.03 + (0.2 * _burst) + Noise(0.006) + (0.06 * Runaway));
        var iowait = Math.Min(Math.Max(0, 1 - user - system), Math.Max(0, 0.005 + Noise(0.003)));
        _load += (((user + system) * 4) - _load) / 60;
        _memory = Math.Min(1, _memory + LeakPerSecond + Noise(0.0004));
        var requests = Math.Max(0, 120 * Math.Exp(Noise(0.15)));
        double[] values =
        [
            user, system, iowait, Math.Max(0, 1 - user - system - iowait), Math.Round(_load, 2),
            _memory, _memory * MemoryBytes, (1 - _memory) * MemoryBytes,
            _random.NextDouble() < 0.05 ? 4096 * _random.Next(1, 50) : 0, 4096 * Math.Round(20 * Math.Exp(Noise(0.6))), Math.Round(20 * Math.Exp(Noise(0.5))),
            0.62 + (_second * 1e-8), requests * 900 * Math.Exp(Noise(0.1)), requests * 4000 * Math.Exp(Noise(0.1)), requests * 8 * Math.Exp(Noise(0.1)),
            180 + _random.Next(-1, 2), requests, 0.02 * Math.Exp(Noise(0.2)) * (1 + (3 * Runaway)),
        ];
        values.CopyTo(_values, 0);
    }

    // Box and Muller.
    double Noise(double deviation) =>
        deviation * Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble())) * Math.Cos(2 * Math.PI * _random.NextDouble());

    static SeriesColumn Column(string name, string unit, string? label = null, string? value = null) =>
        SeriesColumn.Of(name, unit, label is null ? None : new Dictionary<string, string>(StringComparer.Ordinal) { [label] = value! });
}
