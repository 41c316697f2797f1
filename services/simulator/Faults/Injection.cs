namespace Forewarn.Simulator;

/// <summary>A fault at a place and a time.</summary>
sealed record Injection(Fault Fault, string Entity, long StartMs, long DurationMs)
{
    const long SecondMs = 1000;

    /// <summary>All that it reaches, <see cref="Entity"/> first.</summary>
    public IReadOnlyList<string> Entities { get; init; } = [Entity];

    public FaultSettings Settings { get; init; } = FaultSettings.Defaults(Fault);

    public long EndMs => StartMs + DurationMs;

    /// <summary>When a person would call it a failure; null = never.</summary>
    public long? FailureMs
    {
        get
        {
            // What is reached at a second by the formula may be a hair below it in floating point.
            var threshold = Fault.FailsAt(Settings) - 1e-9;
            for (var t = StartMs; t < EndMs; t += SecondMs)
            {
                if (Fault.Strength(Settings, Moment(t)) >= threshold)
                    return t;
            }
            return null;
        }
    }

    public GroundTruth Truth => new(Fault.Name, Fault.Onset, Entity, Entities, StartMs, FailureMs, EndMs, Fault.Series);

    public bool IsOn(long t) => t >= StartMs && t < EndMs;

    /// <summary>The effect at an instant; nothing outside the fault.</summary>
    public FaultEffect At(long t) => IsOn(t) ? Fault.Effect(Settings, Fault.Strength(Settings, Moment(t))) : FaultEffect.None;

    FaultMoment Moment(long t) => new((t - StartMs) / 1000.0, DurationMs / 1000.0);
}
