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

    /// <summary>In which the row was scored; null when nobody can be asked again.</summary>
    public JointRun? Run { get; init; }

    /// <summary>Its place there.</summary>
    public int Row { get; init; }

    public bool IsPresent => Model is not null;

    /// <summary>What makes the model's forest find the row strange, by slot; for alarms, as it asks the model once more.</summary>
    /// <returns>False when there is no forest to ask.</returns>
    public bool TryExplain(Span<double> importance) => Run?.TryExplain(Row, importance) == true;
}
