namespace Forewarn.Contracts;

/// <summary>How far live measurements have moved away from what the champion learned, over the newest hours.</summary>
public sealed record ModelDrift
{
    /// <summary>Version of the champion; null while there is none.</summary>
    public string? Model { get; init; }

    /// <summary>One sentence.</summary>
    public required string Summary { get; init; }

    /// <summary>It is past its bound, on enough ticks and hours.</summary>
    public bool Moved { get; init; }

    /// <summary>Population stability index above which a distribution counts as moved.</summary>
    public required double Bound { get; init; }

    /// <summary>Hours of the clock in which ticks were counted, and how many are needed.</summary>
    public int Hours { get; init; }
    public required int HoursNeeded { get; init; }

    /// <summary>Ticks that were counted, and how many are needed.</summary>
    public long Ticks { get; init; }
    public required long TicksNeeded { get; init; }

    /// <summary>Of the scores; null without any.</summary>
    public double? Score { get; init; }

    /// <summary>Of each entry of the rows, farthest first; empty when the model was made without a reference.</summary>
    public IReadOnlyList<FeatureDrift> Features { get; init; } = [];

    /// <summary>The champion after its promotion; null when it is not watched, or no more.</summary>
    public ModelWatch? Watch { get; init; }
}

/// <summary>Population stability index of one entry of the rows.</summary>
public sealed record FeatureDrift(string Name, double Psi);

/// <summary>A champion in the first time after its promotion.</summary>
public sealed record ModelWatch
{
    /// <summary>Unix milliseconds.</summary>
    public required long Until { get; init; }

    /// <summary>Where a rollback leads.</summary>
    public required string Before { get; init; }

    /// <summary>Entity-hours watched.</summary>
    public required double Hours { get; init; }

    /// <summary>Times in which decisions were opened on an entity without a confirmed incident; neighbouring hours are one.</summary>
    public required long Alarms { get; init; }

    /// <summary>What the budget, and the champion before, allow in that time.</summary>
    public required double Allowed { get; init; }

    /// <summary>One sentence.</summary>
    public required string Summary { get; init; }
}
