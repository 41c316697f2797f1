namespace Forewarn.Ingestion;

/// <summary>How far from now the times of points may lie.</summary>
/// <param name="Received">Unix milliseconds.</param>
/// <param name="Retention">Oldest time, before <paramref name="Received"/>.</param>
readonly record struct OtlpTimes(long Received, TimeSpan Retention)
{
    const long HourMs = 3_600_000;

    /// <summary>Why a point of this time is not taken; null when it is.</summary>
    /// <param name="nanoseconds">Unix time.</param>
    /// <param name="t">In milliseconds.</param>
    public string? WhyNot(ulong nanoseconds, out long t)
    {
        t = Milliseconds(nanoseconds);
        if (t == 0)
            return "has no time";
        if (t > Received + HourMs)
            return "lies more than an hour ahead";
        return t < Received - (long)Retention.TotalMilliseconds ? $"is older than {Retention.TotalDays:0} days" : null;
    }

    public static long Milliseconds(ulong nanoseconds) => (long)(nanoseconds / 1_000_000);
}
