using System.Runtime.InteropServices;

namespace Forewarn.Analytics;

/// <summary>
/// The rate of one counter: cumulative values in, increase per second out. After a reset the increase is what was counted
/// since, the value itself. A reset shows by a smaller value or a later start time; whether a counter went round at
/// its greatest number is not guessed. <c>default</c> has seen nothing.
/// </summary>
[StructLayout(LayoutKind.Auto)]
public struct CounterRate
{
    /// <summary>Over a longer gap a mean says nothing about its end: as after a first sample there is no rate.</summary>
    public const long LongestGapMs = 3_600_000;

    long _t;
    long _startMs;
    double _value;
    bool _hasSeen;

    /// <summary>How often counting began anew.</summary>
    public int Resets { get; private set; }

    /// <summary>Time of the newest sample taken, unix milliseconds.</summary>
    public readonly long LastT => _t;

    /// <summary>Takes a sample. One that is not later than the last, of a count begun before the last one's, or no count at all (negative, not finite) is passed over.</summary>
    /// <param name="t">Unix milliseconds.</param>
    /// <param name="value">What was counted since the start.</param>
    /// <param name="startMs">When counting began, unix milliseconds; 0 when not known.</param>
    /// <returns>Increase per second since the last sample, at least 0; NaN where there is none.</returns>
    public double Take(long t, double value, long startMs = 0)
    {
        if (!(value >= 0) || !double.IsFinite(value) || (_hasSeen && (t <= _t || (startMs != 0 && startMs < _startMs))))
        {
            return double.NaN;
        }

        var isReset = value < _value || (_startMs != 0 && startMs > _startMs);
        var increase = isReset ? value : value - _value;
        Resets += isReset ? 1 : 0;
        var hasRate = _hasSeen && t - _t <= LongestGapMs;
        var rate = hasRate ? increase * 1000 / (t - _t) : double.NaN;
        (_hasSeen, _t, _value, _startMs) = (true, t, value, startMs == 0 ? _startMs : startMs);
        return double.IsFinite(rate) ? rate : double.NaN;
    }
}
