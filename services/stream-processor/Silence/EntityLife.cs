namespace Forewarn.StreamProcessor;

/// <summary>How an entity has been reporting; what silence is judged by.</summary>
sealed class EntityLife
{
    /// <summary>Silence of at least this long ends a stretch of reporting.</summary>
    const long LeastPauseMs = 5000;

    /// <summary>Ticks seen.</summary>
    public long Ticks { get; private set; }

    /// <summary>The door its newest samples came through.</summary>
    public string Source { get; private set; } = "";

    /// <summary>Processing time of the newest tick, unix milliseconds.</summary>
    public long LastArrival { get; private set; }

    /// <summary>Processing time it has reported for without a pause.</summary>
    public long ReportedMs { get; private set; }

    /// <summary>Notes a tick that has just come; ticks caught up from history do not count.</summary>
    /// <param name="source">The door.</param>
    /// <param name="intervalMs">Expected time between ticks.</param>
    /// <param name="now">Processing time.</param>
    public void Report(string source, double intervalMs, long now)
    {
        Ticks++;
        Source = source;
        var since = now - LastArrival;
        ReportedMs = LastArrival == 0 || since > PauseMs(intervalMs) ? 0 : ReportedMs + since;
        LastArrival = now;
    }

    /// <summary>Without a tick for longer than this an entity is silent: three intervals, at least 5 s.</summary>
    public static long PauseMs(double intervalMs) => Math.Max((long)(3 * intervalMs), LeastPauseMs);

    public void Write(BinaryWriter writer)
    {
        writer.Write(Ticks);
        writer.Write(Source);
        writer.Write(LastArrival);
        writer.Write(ReportedMs);
    }

    public static EntityLife Read(BinaryReader reader) => new()
    {
        Ticks = reader.ReadInt64(),
        Source = reader.ReadString(),
        LastArrival = reader.ReadInt64(),
        ReportedMs = reader.ReadInt64(),
    };
}
