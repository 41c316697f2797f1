namespace Forewarn.StreamProcessor;

/// <summary>
/// How long a tick waits for its parts, learned from how long they take to come: senders that cut what they measure into requests, such as Prometheus, take
/// longer than different doors do. It holds the longest spread seen, which fades slowly. Not thread-safe.
/// </summary>
/// <param name="leastMs">Waits no shorter, milliseconds.</param>
sealed class PartsWait(int leastMs)
{
    /// <summary>Waiting holds up the parts that are there, so there is an end to it: this part of the interval between ticks.</summary>
    const double LongestShare = 0.25;

    /// <summary>Left of the longest spread after each tick: a tenth is gone after a hundred ticks.</summary>
    const double Fading = 0.999;

    /// <summary>Waits this much longer than the longest spread.</summary>
    const double Reserve = 1.25;
    const int Remembered = 8;

    readonly (long Tick, long FirstSeen)[] _closed = new (long, long)[Remembered];
    int _next;
    double _spreadMs;

    /// <summary>Milliseconds after its first part.</summary>
    public int Ms => _spreadMs == 0 ? leastMs : Math.Max(leastMs, (int)(Reserve * _spreadMs) + 1);

    /// <summary>A tick was closed.</summary>
    /// <param name="tick">Which.</param>
    /// <param name="firstSeen">When its first part came, processing time.</param>
    /// <param name="lastSeen">When its last part came.</param>
    /// <param name="intervalMs">Between ticks; 0 while not known.</param>
    public void Close(long tick, long firstSeen, long lastSeen, double intervalMs)
    {
        _spreadMs *= Fading;
        _closed[_next] = (tick, firstSeen);
        _next = (_next + 1) % Remembered;
        Learn(lastSeen - firstSeen, intervalMs);
    }

    /// <summary>A part came after its tick was closed.</summary>
    public void Miss(long tick, long now, double intervalMs)
    {
        foreach (var (closed, firstSeen) in _closed)
        {
            if (closed == tick && firstSeen > 0)
                Learn(now - firstSeen, intervalMs);
        }
    }

    /// <summary>What would have to be waited for too long is not waited for at all.</summary>
    void Learn(long spreadMs, double intervalMs)
    {
        if (spreadMs > leastMs / Reserve && Reserve * spreadMs <= LongestShare * intervalMs)
            _spreadMs = Math.Max(_spreadMs, spreadMs);
    }
}
