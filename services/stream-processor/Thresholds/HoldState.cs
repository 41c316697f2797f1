using System.Runtime.InteropServices;

namespace Forewarn.StreamProcessor;

/// <summary>How far a condition has come on a series.</summary>
/// <param name="Since">Event time at which it began to hold, unix milliseconds; null while it does not.</param>
/// <param name="IsFiring">It has held for long enough, and has not been cleared.</param>
/// <param name="IsBeyond">It holds now; false while only the hysteresis keeps it up.</param>
[StructLayout(LayoutKind.Auto)]
readonly record struct HoldState(long? Since, bool IsFiring, bool IsBeyond)
{
    public static HoldState Idle { get; }

    /// <param name="t">Event time, ascending.</param>
    /// <param name="isBeyond">The condition holds.</param>
    /// <param name="isCleared">What ends it holds.</param>
    /// <param name="forMs">How long it must hold.</param>
    public HoldState Next(long t, bool isBeyond, bool isCleared, long forMs)
    {
        if (IsFiring)
            return isCleared ? Idle : this with { IsBeyond = isBeyond };
        if (!isBeyond)
            return Idle;
        var since = Since ?? t;
        return new HoldState(since, t - since >= forMs, IsBeyond: true);
    }
}
