namespace Forewarn.Simulator;

/// <summary>Times of a run, unix milliseconds.</summary>
/// <param name="EndMs">Null = never.</param>
sealed record Course(long HistoryMs, long LiveMs, IReadOnlyList<Injection> Injections, long? EndMs)
{
    public Phase PhaseAt(long t) =>
        t < LiveMs ? Phase.History
        : EndMs is { } end && t >= end ? Phase.Done
        : Injections.Any(injection => injection.IsOn(t)) ? Phase.Fault
        : Injections.Any(injection => t < injection.StartMs) || Injections.Count == 0 ? Phase.Normal
        : Phase.Cooldown;

    /// <summary>When the phase at <paramref name="t"/> may end; null = never.</summary>
    public long? PhaseEnds(long t)
    {
        var borders = Injections.SelectMany(injection => new[] { injection.StartMs, injection.EndMs }).Append(LiveMs).Where(border => border > t);
        return EndMs is { } end ? borders.Append(end).Min() : borders.Cast<long?>().Min();
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
