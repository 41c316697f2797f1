using Forewarn.Contracts;

namespace Forewarn.Models;

/// <summary>Something on a tick that deserves an incident.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Since">Event time at which it began to show, unix milliseconds.</param>
/// <param name="Summary">One sentence.</param>
/// <param name="Contributors">What makes the tick strange, strongest first.</param>
/// <param name="Forecast">The limit ahead, if any.</param>
public sealed record Finding(DetectionKind Kind, long Since, string Summary, IReadOnlyList<Contributor> Contributors, Forecast? Forecast)
{
    /// <summary>Only what was told before goes on: the tick would raise no alarm by itself.</summary>
    public bool Ongoing { get; init; }
}

/// <summary>The decision about one tick.</summary>
public sealed record Verdict
{
    /// <summary>Version of the model that decided; null when no model did but the metrics' own past.</summary>
    public required string? Model { get; init; }

    /// <summary>0 to 1, higher is stranger, about 0.5 where it begins to be strange.</summary>
    public required float Score { get; init; }

    /// <summary>What there is to tell: as <see cref="Score"/>, but little where only the same would be told again.</summary>
    public required double Telling { get; init; }

    /// <summary>
    /// Probability of a tick at least as strange on normal behaviour of this entity, by what decides. How often such ticks come on
    /// normal days is measured: analytics/README.md.
    /// </summary>
    public required double P { get; init; }

    /// <summary>P lies beyond what the entity's past can count and comes from a fitted tail.</summary>
    public required bool Extrapolated { get; init; }

    /// <summary>The tick lies inside an open decision.</summary>
    public required bool Anomalous { get; init; }

    /// <summary>The tick lies inside one and would raise it by itself or nearly so.</summary>
    public required bool Alarming { get; init; }

    /// <summary>A decision was opened or closed on this tick.</summary>
    public required bool Changed { get; init; }

    /// <summary>The model of everybody would have opened a decision on this tick, whoever decides.</summary>
    public required bool ChampionOpened { get; init; }

    /// <summary>Milliseconds since the tick before on this cadence, from the cadence itself to a quarter of an hour.</summary>
    public required int StepMs { get; init; }

    /// <summary>What to tell people; mostly nothing.</summary>
    public IReadOnlyList<Finding> Findings { get; init; } = [];
}
