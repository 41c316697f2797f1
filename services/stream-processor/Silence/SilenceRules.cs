namespace Forewarn.StreamProcessor;

/// <summary>Where an entity stands in its life.</summary>
enum LifeState
{
    /// <summary>It reports, or has not reported long enough to be missed.</summary>
    Live,

    /// <summary>It may be silent, but its door or our own stream is late: nobody can tell.</summary>
    Unknown,

    Silent,

    /// <summary>Silent for so long that it will hardly come back.</summary>
    Gone,
}

/// <summary>Decides about silence. Pure.</summary>
static class SilenceRules
{
    /// <summary>An entity that has reported less often than this is not missed.</summary>
    const int LeastReports = 60;

    /// <summary>When at least so many of a door miss a beat together, and most of it, the door is doubted.</summary>
    const int LeastCrowd = 3;

    /// <summary>How much longer is waited while a door is doubted, milliseconds.</summary>
    const double DoubtMs = SourceProgress.LateMs;

    /// <param name="life">How the entity has been reporting.</param>
    /// <param name="lastTick">Event time of its newest tick.</param>
    /// <param name="source">How far its door has come.</param>
    /// <param name="now">Processing time.</param>
    /// <param name="options">After how long silence counts, and when it ends.</param>
    public static LifeState Judge(EntityLife life, long lastTick, SourceProgress? source, long now, StreamProcessorOptions options)
    {
        if (!IsMissed(life, options) || source is null || DueInMs(life, source, now) >= 0)
            return LifeState.Live;
        if (source.IsLate(now))
            return LifeState.Unknown;

        if (!HasPassed(source.NewestEvent, life, lastTick))
            return LifeState.Live;
        return source.NewestEvent - lastTick > options.GoneAfterHours * 3_600_000L ? LifeState.Gone : LifeState.Silent;
    }

    /// <summary>True when somebody whose newest event this is has passed what is missing; the newest of a door is up to an interval old.</summary>
    public static bool HasPassed(long newestEvent, EntityLife life, long lastTick) =>
        newestEvent - lastTick >= life.Rhythm.LimitMs - Math.Max(life.Rhythm.IntervalMs, TickAssembler.GridMs);

    /// <summary>True when the silence of an entity would be worth telling.</summary>
    public static bool IsMissed(EntityLife life, StreamProcessorOptions options) =>
        life.LastHeard >= 0 && life.Reports >= LeastReports && life.ReportedMs >= options.SilenceAfterMinutes * 60_000L;

    /// <summary>How long until it is silent, on the clock of its door, milliseconds; negative when it is.</summary>
    public static double DueInMs(EntityLife life, SourceProgress source, long now) =>
        life.Rhythm.LimitMs - SinceHeardMs(life, source, now);

    /// <summary>Counts an entity among those of its door, and among those that have just missed a beat.</summary>
    public static void Count(EntityLife life, SourceProgress source, long now, ref Census census)
    {
        var since = SinceHeardMs(life, source, now);
        if (since > life.Rhythm.LimitMs + DoubtMs)
            return;
        census.Entities++;
        if (since > life.Rhythm.LimitMs / 2)
            census.Missing++;
    }

    /// <summary>True when so many miss a beat with it that its door is the likelier cause, for a few seconds more.</summary>
    public static bool IsDoubted(EntityLife life, SourceProgress source, long now, Census census) =>
        census.Missing >= LeastCrowd && 2 * census.Missing > census.Entities && DueInMs(life, source, now) > -DoubtMs;

    static double SinceHeardMs(EntityLife life, SourceProgress source, long now) => source.HeardMs(now) - life.LastHeard;
}

/// <summary>How many entities a door has that were heard of late, and how many of them have missed a beat.</summary>
struct Census
{
    public int Entities;
    public int Missing;
}
