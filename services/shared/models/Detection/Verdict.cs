using Forewarn.Contracts;

namespace Forewarn.Models;

/// <summary>Something on a tick that deserves an incident.</summary>
/// <param name="Kind"><see cref="DetectionKind.Joint"/> or <see cref="DetectionKind.PredictedBreach"/>.</param>
/// <param name="Since">Event time at which it began to show, unix milliseconds.</param>
/// <param name="Summary">One sentence.</param>
/// <param name="Contributors">What makes the tick strange, strongest first.</param>
/// <param name="Forecast">The limit ahead, if any.</param>
public sealed record Finding(DetectionKind Kind, long Since, string Summary, IReadOnlyList<Contributor> Contributors, Forecast? Forecast);

/// <summary>The decision about one tick.</summary>
public sealed record Verdict
{
    public required float Score { get; init; }

    /// <summary>Probability of a score at least this high on normal behaviour.</summary>
    public required double P { get; init; }

    public required bool Extrapolated { get; init; }

    /// <summary>The tick lies inside an open decision.</summary>
    public required bool Anomalous { get; init; }

    /// <summary>A decision was opened or closed on this tick.</summary>
    public required bool Changed { get; init; }

    /// <summary>What to tell people; mostly nothing.</summary>
    public IReadOnlyList<Finding> Findings { get; init; } = [];
}
