namespace Forewarn.Simulator;

/// <summary>A release a week, on a working day between 9 and 17 h UTC: some seconds in which the instance restarts.</summary>
sealed class Deploys(Random random)
{
    const int Day = 86_400;
    const int Week = 7 * Day;
    const int Length = 12;

    // 1 January 1970 was a Thursday; Monday is four days after it.
    readonly int _second = (4 + random.Next(5)) % 7 * Day + random.Next(9 * 3600, 17 * 3600);

    /// <param name="t">Unix milliseconds.</param>
    public bool At(long t) => (t / 1000 - _second) % Week is >= 0 and < Length;
}
