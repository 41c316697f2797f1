namespace Forewarn.Ingestion;

/// <summary>Counters to rates.</summary>
static class Counters
{
    const ulong Wrap32 = 1UL << 32;

    /// <summary>
    /// Increase per second; NaN when the counter was reset. A decrease is a reset, unless a 32-bit counter can have gone
    /// round: from its last quarter into its first.
    /// </summary>
    public static double Rate(ulong earlier, ulong now, double seconds, bool is32Bit = false)
    {
        if (seconds <= 0)
            return double.NaN;
        if (now >= earlier)
            return (now - earlier) / seconds;
        return is32Bit && earlier < Wrap32 && earlier >= Wrap32 / 4 * 3 && now < Wrap32 / 4
            ? (Wrap32 - earlier + now) / seconds
            : double.NaN;
    }
}
