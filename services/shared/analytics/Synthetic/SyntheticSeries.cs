using System.Runtime.InteropServices;

namespace Forewarn.Analytics;

/// <summary>What a tick of an ordinary entity is like: shared by its series, so that they move together.</summary>
/// <param name="Tick">Seconds since the start.</param>
/// <param name="Burst">Strength of the job running now, 0 when idle.</param>
/// <param name="Load">Slow activity around 1, with a daily rhythm.</param>
[StructLayout(LayoutKind.Auto)]
readonly record struct EntityTick(int Tick, double Burst, double Load);

/// <summary>One ordinary series. Subclasses draw their own parameters once and then go on forever.</summary>
abstract class SyntheticSeries(SeededRandom random, string unit)
{
    public string Unit { get; } = unit;

    protected SeededRandom Random { get; } = random;

    public abstract double Next(EntityTick tick);
}

/// <summary>A share that hovers, moves with the load and jumps with jobs: cpu modes, disk busy time, pressure.</summary>
sealed class SyntheticRatio(SeededRandom random) : SyntheticSeries(random, "1")
{
    readonly double _base = Math.Exp(random.Between(Math.Log(0.002), Math.Log(0.5)));
    readonly double _noise = random.Between(0.02, 0.5);
    readonly double _gain = random.Chance(0.6) ? random.Between(0, 0.25) : 0;

    public override double Next(EntityTick tick) =>
        Math.Clamp((_base * tick.Load * Math.Exp(_noise * Random.NextGaussian())) + (_gain * tick.Burst), 0, 1);
}

/// <summary>A slow walk around a level, with the small steps of programs that come and go: memory, space.</summary>
sealed class SyntheticWalk(SeededRandom random) : SyntheticSeries(random, random.Chance(0.5) ? "1" : "By")
{
    readonly double _centre = random.Between(0.1, 0.8);
    readonly double _step = Math.Exp(random.Between(Math.Log(1e-5), Math.Log(1e-3)));
    double _offset;

    public override double Next(EntityTick tick)
    {
        _offset = (_offset * 0.999) + (_step * Random.NextGaussian()) + (Random.Chance(0.001) ? 0.01 * Random.NextGaussian() : 0);
        var share = Math.Clamp(_centre + _offset, 0, 1);
        return Unit == "1" ? share : share * 8e9;
    }
}

/// <summary>Load averages: activity through an exponential filter of 1, 5 or 15 minutes.</summary>
sealed class SyntheticLoadAverage(SeededRandom random) : SyntheticSeries(random, "{thread}")
{
    readonly double _decay = Math.Exp(-1.0 / (60 * (random.NextInt(3) switch { 0 => 1, 1 => 5, _ => 15 })));
    readonly double _base = random.Between(0.02, 1.5);
    readonly double _gain = random.Between(0.2, 2);
    double _average = -1;

    public override double Next(EntityTick tick)
    {
        var active = _base * tick.Load * Random.NextExponential(1);
        _average = _average < 0 ? _base : (_average * _decay) + ((1 - _decay) * (active + (_gain * tick.Burst)));
        return Math.Round(_average, 2);
    }
}

/// <summary>A rate that is mostly zero and wakes up with jobs or on its own: disk operations of a quiet machine.</summary>
sealed class SyntheticIdleRate(SeededRandom random) : SyntheticSeries(random, random.Chance(0.5) ? "{operation}/s" : "By/s")
{
    readonly double _gain = Math.Exp(random.Between(Math.Log(5), Math.Log(500)));
    readonly double _follows = random.Between(0.3, 1);
    readonly double _own = Math.Exp(-random.Between(Math.Log(5), Math.Log(600)));

    public override double Next(EntityTick tick)
    {
        var burst = tick.Burst > 0 && Random.Chance(_follows) ? tick.Burst : 0;
        burst += Random.Chance(_own) ? Random.NextExponential(0.3) : 0;
        var operations = Math.Round(_gain * burst * Math.Exp(0.5 * Random.NextGaussian()));
        return Unit == "By/s" ? operations * 4096 : operations;
    }
}

/// <summary>A rate that is always there, with log-normal noise and jobs on top: network, requests.</summary>
sealed class SyntheticBusyRate(SeededRandom random) : SyntheticSeries(random, random.Chance(0.5) ? "{packet}/s" : "By/s")
{
    readonly double _base = Math.Exp(random.Between(Math.Log(2), Math.Log(2000)));
    readonly double _noise = random.Between(0.05, 0.9);
    readonly double _gain = random.Chance(0.5) ? random.Between(0, 10) : 0;

    public override double Next(EntityTick tick)
    {
        var packets = _base * tick.Load * Math.Exp(_noise * Random.NextGaussian()) * (1 + (_gain * tick.Burst));
        return Unit == "By/s" ? packets * 400 : Math.Round(packets);
    }
}

/// <summary>A duration with a heavy tail: latency.</summary>
sealed class SyntheticLatency(SeededRandom random) : SyntheticSeries(random, random.Chance(0.7) ? "s" : "ms")
{
    readonly double _base = Math.Exp(random.Between(Math.Log(1), Math.Log(200)));
    readonly double _noise = random.Between(0.05, 0.4);
    readonly double _tail = random.Between(0, 0.01);

    public override double Next(EntityTick tick)
    {
        var ms = _base * Math.Exp(_noise * Random.NextGaussian()) * (1 + (0.5 * tick.Burst));
        ms *= Random.Chance(_tail) ? 1 + Random.NextExponential(5) : 1;
        return Unit == "s" ? ms / 1000 : ms;
    }
}

/// <summary>A saw-tooth: a managed heap between collections.</summary>
sealed class SyntheticSawTooth(SeededRandom random) : SyntheticSeries(random, "By")
{
    readonly double _floor = random.Between(2e7, 2e8);
    readonly double _height = random.Between(0.2, 1.5);
    readonly double _rate = 1 / random.Between(10, 300);
    double _phase = random.NextDouble();

    public override double Next(EntityTick tick)
    {
        _phase += _rate * tick.Load * Random.Between(0.5, 1.5) * (1 + tick.Burst);
        _phase = _phase >= 1 ? Random.Between(0, 0.1) : _phase;
        return _floor * (1 + (_height * _phase));
    }
}

/// <summary>A small whole number that changes now and then, or never: processes, connections, limits, errors.</summary>
sealed class SyntheticCount(SeededRandom random) : SyntheticSeries(random, "{process}")
{
    readonly double _change = random.Chance(0.4) ? 0 : random.Between(0.001, 0.1);
    readonly double _gain = random.Chance(0.4) ? random.Between(0, 6) : 0;
    double _level = Math.Round(Math.Exp(random.Between(0, Math.Log(400)))) - 1;

    public override double Next(EntityTick tick)
    {
        if (Random.Chance(_change))
        {
            _level = Math.Max(0, _level + (Random.Chance(0.5) ? 1 : -1));
        }

        return _level + Math.Round(_gain * tick.Burst);
    }
}
