namespace Forewarn.StreamProcessor;

/// <summary>How an entity has been reporting; what silence is judged by.</summary>
sealed class EntityLife
{
    /// <summary>Silence of at least this long ends a stretch of reporting.</summary>
    public const double LeastPauseMs = 5000;

    /// <summary>Messages seen.</summary>
    public long Reports { get; private set; }

    /// <summary>The door its newest samples came through.</summary>
    public string Source { get; private set; } = "";

    /// <summary>Processing time of the newest message, unix milliseconds.</summary>
    public long LastArrival { get; private set; }

    /// <summary>Time on the clock of its door when the newest message came; negative until one has come in this process.</summary>
    public double LastHeard { get; private set; } = -1;

    /// <summary>Time it has reported for without a pause, milliseconds: as we saw it, or as the rows of a message say that are sent late together, as a past is.</summary>
    public long ReportedMs { get; private set; }

    /// <summary>How often it reports.</summary>
    public Rhythm Rhythm { get; private init; } = new();

    /// <summary>Without a message for longer than this a stretch of reporting has ended, milliseconds.</summary>
    public double PauseMs => Math.Max(Rhythm.LimitMs, LeastPauseMs);

    /// <summary>Notes a message that has just come; ticks caught up from history do not count.</summary>
    /// <param name="source">The door.</param>
    /// <param name="heard">Time on its clock, <see cref="SourceProgress.HeardMs"/>.</param>
    /// <param name="now">Processing time.</param>
    /// <param name="coveredMs">Event time from the message's first row to its last, pauses left out.</param>
    public void Report(string source, double heard, long now, long coveredMs)
    {
        // A pause of the door is none of the entity.
        var since = now - LastArrival;
        var pause = LastHeard >= 0 && string.Equals(source, Source, StringComparison.Ordinal) ? heard - LastHeard : since;
        ReportedMs = LastArrival == 0 || pause > PauseMs ? coveredMs : ReportedMs + Math.Max(since, coveredMs);
        if (LastArrival != 0)
            Rhythm.Observe(pause);
        Reports++;
        Source = source;
        LastHeard = heard;
        LastArrival = now;
    }

    public void Write(BinaryWriter writer)
    {
        writer.Write(Reports);
        writer.Write(Source);
        writer.Write(LastArrival);
        writer.Write(ReportedMs);
        Rhythm.Write(writer);
    }

    public static EntityLife Read(BinaryReader reader) => new()
    {
        Reports = reader.ReadInt64(),
        Source = reader.ReadString(),
        LastArrival = reader.ReadInt64(),
        ReportedMs = reader.ReadInt64(),
        Rhythm = Rhythm.Read(reader),
    };
}
