namespace Forewarn.Simulator;

/// <summary>An exponentially damped mean, as kernels keep their load average.</summary>
sealed class DecayingAverage(double seconds)
{
    readonly double _kept = Math.Exp(-1 / seconds);
    double? _value;

    public double Next(double sample) => (_value = _value is { } value ? _kept * value + (1 - _kept) * sample : sample).Value;
}
