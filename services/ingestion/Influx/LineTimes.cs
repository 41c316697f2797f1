namespace Forewarn.Ingestion;

/// <summary>What the timestamps of a request mean, and how far from now they may lie.</summary>
/// <param name="Precision"><c>ns</c> (also <c>n</c> and nothing), <c>us</c> or <c>u</c>, <c>ms</c>, <c>s</c>, <c>m</c>, <c>h</c>.</param>
/// <param name="Received">Time of lines without one, unix milliseconds.</param>
/// <param name="Retention">Oldest time, before <paramref name="Received"/>.</param>
readonly record struct LineTimes(string Precision, long Received, TimeSpan Retention)
{
    const long HourMs = 3_600_000;

    public static bool IsPrecision(string text) => text is "" or "n" or "ns" or "u" or "us" or "ms" or "s" or "m" or "h";

    /// <summary>A timestamp as unix milliseconds, or why it is refused.</summary>
    public bool TryRead(long stamp, out long t, out string reason)
    {
        var exact = Precision switch
        {
            "u" or "us" => Math.Floor(stamp / 1e3),
            "ms" => stamp,
            "s" => stamp * 1e3,
            "m" => stamp * 6e4,
            "h" => stamp * 3.6e6,
            _ => stamp / 1_000_000,
        };
        t = 0;
        reason = "";
        if (exact > Received + HourMs)
            reason = $"lies more than an hour ahead, its timestamp read as {Name}";
        else if (exact < Received - Retention.TotalMilliseconds)
            reason = $"is older than {Retention.TotalDays:0} days, its timestamp read as {Name}";
        else
            t = (long)exact;
        return reason.Length == 0;
    }

    string Name => Precision switch
    {
        "u" or "us" => "microseconds",
        "ms" => "milliseconds",
        "s" => "seconds",
        "m" => "minutes",
        "h" => "hours",
        _ => "nanoseconds",
    };
}
