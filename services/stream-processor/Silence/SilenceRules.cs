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
    public const int LeastTicks = 60;

    /// <summary>A door without messages for this long, or this far behind the clock, is late itself.</summary>
    public const long LateMs = 5000;

    /// <param name="life">How the entity has been reporting.</param>
    /// <param name="lastTick">Event time of its newest tick.</param>
    /// <param name="intervalMs">Its rhythm; 0 while unknown.</param>
    /// <param name="source">How far its door has come.</param>
    /// <param name="now">Processing time.</param>
    /// <param name="options">After how long silence counts, and when it ends.</param>
    public static LifeState Judge(
        EntityLife life, long lastTick, double intervalMs, SourceProgress? source, long now, StreamProcessorOptions options)
    {
        var pause = EntityLife.PauseMs(intervalMs);
        var missed = life.Ticks >= LeastTicks && intervalMs > 0 && life.ReportedMs >= options.SilenceAfterMinutes * 60_000L;
        if (!missed || now - life.LastArrival <= pause)
            return LifeState.Live;
        if (source is null || now - source.LastArrival > LateMs || now - source.NewestEvent > LateMs)
            return LifeState.Unknown;
        var behind = source.NewestEvent - lastTick;
        if (behind <= pause)
            return LifeState.Live;
        return behind > options.GoneAfterHours * 3_600_000L ? LifeState.Gone : LifeState.Silent;
    }
}
