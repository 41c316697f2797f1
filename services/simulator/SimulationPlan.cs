namespace Forewarn.Simulator;

/// <summary>What the command line asks for.</summary>
sealed record SimulationPlan
{
    public Fault? Fault { get; init; }
    public required string Entity { get; init; }
    public required int Entities { get; init; }
    public required TimeSpan History { get; init; }
    public required TimeSpan After { get; init; }
    public required TimeSpan For { get; init; }
    public required TimeSpan Cooldown { get; init; }

    /// <summary>Live time in all; null = until the cool-down is over, or for ever without a fault.</summary>
    public TimeSpan? Total { get; init; }
    public required int Seed { get; init; }
    public required Uri Ingest { get; init; }
    public string? Truth { get; init; }
    public bool Json { get; init; }

    /// <summary>The whole course, once it is known when live time begins.</summary>
    public SimulationSchedule At(long liveMs)
    {
        var injection = Fault is null ? null : new Injection(Fault, Entity, liveMs + (long)After.TotalMilliseconds, (long)For.TotalMilliseconds);
        var length = Total ?? (Fault is null ? null : After + For + Cooldown);
        return new(liveMs - (long)History.TotalMilliseconds, liveMs, injection, length is { } total ? liveMs + (long)total.TotalMilliseconds : null);
    }
}

/// <summary>Times of a run, unix milliseconds.</summary>
/// <param name="EndMs">Null = never.</param>
sealed record SimulationSchedule(long HistoryMs, long LiveMs, Injection? Injection, long? EndMs)
{
    public Phase PhaseAt(long t) =>
        t < LiveMs ? Phase.History
        : EndMs is { } end && t >= end ? Phase.Done
        : Injection is null || t < Injection.StartMs ? Phase.Normal
        : t < Injection.EndMs ? Phase.Fault
        : Phase.Cooldown;

    /// <summary>When the phase at <paramref name="t"/> ends; null = never.</summary>
    public long? PhaseEnds(long t)
    {
        var ends = PhaseAt(t) switch
        {
            Phase.History => LiveMs,
            Phase.Normal => Injection?.StartMs,
            Phase.Fault => Injection?.EndMs,
            _ => EndMs,
        };
        return ends is null || EndMs < ends ? EndMs : ends;
    }
}

enum Phase
{
    History,
    Normal,
    Fault,
    Cooldown,
    Done,
}
