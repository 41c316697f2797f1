using Forewarn.Analytics;

namespace Forewarn.Models;

/// <summary>
/// What the joint model of an entity's group made of a tick. <c>default</c> is none: the group has no model, or the entity is
/// too young for it.
/// </summary>
public readonly ref struct JointEvidence
{
    /// <summary>Version of the group's model.</summary>
    public required string Model { get; init; }

    /// <summary>Distribution of its scores on ordinary rows.</summary>
    public required CalibrationPrior Prior { get; init; }

    /// <summary>How rare the row is for what the model has learned from, as powers of ten summed over its members; 0 is ordinary.</summary>
    public required float Score { get; init; }

    /// <summary>The same of each metric, by slot; 0 where it is masked.</summary>
    public required ReadOnlySpan<float> Energies { get; init; }

    /// <summary>The value that all metrics together let expect of each, by slot, in its own unit; NaN where it is masked.</summary>
    public required ReadOnlySpan<double> Expected { get; init; }

    /// <summary>Column of each slot; -1 where the entity has none.</summary>
    public required ReadOnlySpan<int> ColumnOfSlot { get; init; }

    public bool IsPresent => Model is not null;
}
