namespace Forewarn.Simulator;

/// <summary>Noise with memory: a first-order autoregression of mean 0 and standard deviation 1 that forgets with the given time constant.</summary>
sealed class Wander(Random random, double seconds)
{
    readonly double _kept = Math.Exp(-1 / seconds);
    double _value = random.Gaussian();

    public double Value => _value;

    /// <summary>One second later.</summary>
    public double Next() => _value = _kept * _value + Math.Sqrt(1 - _kept * _kept) * random.Gaussian();
}
