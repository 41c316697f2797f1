namespace Forewarn.Simulator;

/// <summary>People's day and week as a factor around 1; it moves less than 0.2 % a minute.</summary>
static class Rhythm
{
    const double DayMs = 86_400_000;

    /// <param name="t">Unix milliseconds, UTC.</param>
    public static double At(long t)
    {
        var day = 1 + 0.3 * Math.Sin(2 * Math.PI * (t / DayMs - 0.375));
        // 1 January 1970 was a Thursday: weekday 2 and 3 after it are Saturday and Sunday.
        var week = 1 - 0.1 * (1 + Math.Cos(2 * Math.PI * (t / DayMs - 3) / 7)) / 2;
        return day * week;
    }
}
