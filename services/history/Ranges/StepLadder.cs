namespace Forewarn.History.Ranges;

/// <summary>Steps a person expects on a time axis.</summary>
static class StepLadder
{
    static readonly long[] Rungs =
    [
        1_000, 2_000, 5_000, 10_000, 15_000, 30_000,
        60_000, 120_000, 300_000, 600_000, 900_000, 1_800_000,
        3_600_000, 7_200_000, 10_800_000, 21_600_000, 43_200_000, 86_400_000,
    ];

    /// <summary>The finest step that cuts <paramref name="spanMs"/> into at most <paramref name="points"/> buckets; above a day, whole days.</summary>
    public static long Choose(long spanMs, int points)
    {
        // Buckets lie on multiples of the step, so a span may touch one more than it has room for.
        var fair = Math.Max(1, points - 1);
        foreach (var rung in Rungs)
        {
            if (spanMs <= rung * fair)
                return rung;
        }
        var day = Rungs[^1];
        return (spanMs + day * fair - 1) / (day * fair) * day;
    }

    /// <summary>Buckets that a span from <paramref name="from"/> to <paramref name="to"/> (exclusive) touches.</summary>
    public static long Count(long from, long to, long stepMs) => (to - 1) / stepMs - from / stepMs + 1;
}
