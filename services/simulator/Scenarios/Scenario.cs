namespace Forewarn.Simulator;

/// <summary>A fleet, its past, and what happens to it when: what the command line or a file asks for.</summary>
sealed record Scenario
{
    public required string Name { get; init; }
    public required FleetPlan Fleet { get; init; }
    public required int Seed { get; init; }

    /// <summary>Past behaviour that is sent first.</summary>
    public required TimeSpan History { get; init; }

    /// <summary>Normal behaviour after the last fault.</summary>
    public required TimeSpan Cooldown { get; init; }

    /// <summary>Live time in all; null = until the cool-down is over, or for ever without a fault.</summary>
    public TimeSpan? Total { get; init; }
    public IReadOnlyList<PlannedFault> Faults { get; init; } = [];

    /// <summary>Live time in all; null = it never ends.</summary>
    public TimeSpan? Length => Total ?? (Faults.Count == 0 ? null : Faults.Max(fault => fault.After + fault.For) + Cooldown);

    /// <summary>The whole course, once it is known when live time begins.</summary>
    public Course At(long liveMs) => new(
        liveMs - (long)History.TotalMilliseconds,
        liveMs,
        [.. Faults.Select(fault => InjectionOf(fault, liveMs))],
        Length is { } length ? liveMs + (long)length.TotalMilliseconds : null);

    Injection InjectionOf(PlannedFault planned, long liveMs) =>
        new(planned.Fault, Fleet.Prefix + planned.Entity, liveMs + (long)planned.After.TotalMilliseconds, (long)planned.For.TotalMilliseconds)
        {
            Settings = planned.Settings,
            Entities = [.. Fleet.Reached(planned.Entity, planned.Fault.Reach).Select(name => Fleet.Prefix + name)],
        };
}

/// <summary>A fault at a host of the fleet.</summary>
/// <param name="After">Live time before it.</param>
sealed record PlannedFault(Fault Fault, FaultSettings Settings, string Entity, TimeSpan After, TimeSpan For);
