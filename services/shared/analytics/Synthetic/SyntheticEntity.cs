namespace Forewarn.Analytics;

/// <summary>An ordinary machine: jobs of a few seconds at irregular intervals, a daily rhythm, a busy start.</summary>
sealed class SyntheticEntity
{
    const int LongestBurst = 6;
    const int Pause = 4;

    readonly SeededRandom _random;
    readonly SyntheticSeries[] _series;
    readonly double _interval;
    readonly double _length;
    readonly double _phase;
    readonly double _rhythm;
    readonly int _busyStart;
    readonly double[] _scaleAtStart;
    double _burst;
    int _left;
    int _tick;

    public SyntheticEntity(SeededRandom random, int series)
    {
        _random = random;
        _interval = Math.Exp(random.Between(Math.Log(12), Math.Log(300)));
        _length = random.Between(0.5, 2.5);
        _phase = random.NextDouble();
        _rhythm = random.Between(0, 0.5);
        _busyStart = random.Chance(0.5) ? random.NextInt(30) : 0;
        _series = new SyntheticSeries[series];
        _scaleAtStart = new double[series];
        for (var i = 0; i < series; i++)
        {
            _series[i] = Draw(random);
            _scaleAtStart[i] = random.Chance(0.3) ? random.Between(0.5, 2) : 1;
        }
    }

    public string UnitOf(int series) => _series[series].Unit;

    /// <summary>The next second of every series.</summary>
    public void Next(Span<double> values)
    {
        var load = 1 + (_rhythm * Math.Sin(2 * Math.PI * (_phase + (_tick / 86400.0))));
        var tick = new EntityTick(_tick, Burst(), load);
        for (var i = 0; i < _series.Length; i++)
        {
            values[i] = _series[i].Next(tick) * (_tick < _busyStart ? _scaleAtStart[i] : 1);
        }

        _tick++;
    }

    double Burst()
    {
        if (_left == 0 && _random.Chance(1 / _interval))
        {
            _left = Pause + Math.Min(LongestBurst, 1 + (int)_random.NextExponential(_length));
            _burst = 0.1 + _random.NextExponential(0.4);
        }

        _left = Math.Max(0, _left - 1);
        return _left >= Pause ? _burst : 0;
    }

    static SyntheticSeries Draw(SeededRandom random) => random.NextInt(12) switch
    {
        0 or 1 or 2 => new SyntheticRatio(random),
        3 => new SyntheticWalk(random),
        4 => new SyntheticLoadAverage(random),
        5 or 6 or 7 => new SyntheticIdleRate(random),
        8 => new SyntheticBusyRate(random),
        9 => new SyntheticLatency(random),
        10 => new SyntheticSawTooth(random),
        _ => new SyntheticCount(random),
    };
}
