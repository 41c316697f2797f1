namespace Forewarn.Trainer;

/// <summary>What <c>evaluate</c> measures without further words.</summary>
static class ShippedKinds
{
    public static IReadOnlyList<EvaluatedKind> All { get; } =
    [
        new("forewarn", "what decides in production, at its shipped defaults", shape => new ForewarnDetector(shape)),
        new("joint", "the joint model, measured and not yet deciding; nothing without a training part", shape => new JointDetector(shape)),
        new("metric-lane", "novelty and neighbours of each metric for itself; measured, not yet deciding", shape => new LaneDetector(shape)),
    ];
}
