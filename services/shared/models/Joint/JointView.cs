using Forewarn.Analytics;

namespace Forewarn.Models;

/// <summary>How a row was read of an entity's tick: what the answer to it is read with. Immutable.</summary>
public sealed class JointView
{
    readonly int[] _columnOfSlot;
    readonly JointScaling _scaling;

    internal JointView(GroupModel model, int[] columnOfSlot, JointScaling scaling) => (Model, _columnOfSlot, _scaling) = (model, columnOfSlot, scaling);

    public GroupModel Model { get; }

    /// <summary>Column of each slot; -1 where the entity has none.</summary>
    public ReadOnlySpan<int> ColumnOfSlot => _columnOfSlot;

    internal JointScaling Scaling => _scaling;

    internal bool Reads(GroupModel model, int[] columnOfSlot, JointScaling scaling) =>
        Model == model && _columnOfSlot == columnOfSlot && _scaling == scaling;
}
