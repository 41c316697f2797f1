namespace Forewarn.Analytics;

/// <summary>
/// SplitMix64 (Steele, Lea, Flood 2014): a tiny generator whose sequence is part of our contract, so that the same
/// seed gives the same forest on every machine and every runtime version.
/// </summary>
public sealed class SeededRandom
{
    ulong _state;

    public SeededRandom(long seed, long stream = 0)
    {
        _state = (ulong)seed * 0x9E3779B97F4A7C15UL;
        _state ^= NextBits() + ((ulong)stream * 0xD1B54A32D192ED03UL);
        NextBits();
    }

    /// <summary>Uniform in [0, 1).</summary>
    public double NextDouble() => (NextBits() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Uniform in [low, high).</summary>
    public double Between(double low, double high) => low + ((high - low) * NextDouble());

    /// <summary>Uniform integer in [0, exclusiveMax).</summary>
    public int NextInt(int exclusiveMax)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(exclusiveMax);
        return (int)Math.BigMul(NextBits(), (ulong)exclusiveMax, out _);
    }

    public bool Chance(double probability) => NextDouble() < probability;

    /// <summary>Standard normal, Box-Muller.</summary>
    public double NextGaussian() =>
        Math.Sqrt(-2 * Math.Log(1 - NextDouble())) * Math.Cos(2 * Math.PI * NextDouble());

    /// <summary>Exponential with the given mean.</summary>
    public double NextExponential(double mean) => -mean * Math.Log(1 - NextDouble());

    ulong NextBits()
    {
        _state += 0x9E3779B97F4A7C15UL;
        var z = _state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }
}
