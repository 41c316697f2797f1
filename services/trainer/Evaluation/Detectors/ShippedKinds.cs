namespace Forewarn.Trainer;

/// <summary>What <c>evaluate</c> measures without further words.</summary>
static class ShippedKinds
{
    public static IReadOnlyList<EvaluatedKind> All { get; } =
    [
        new("forewarn", "what decides in production, at its shipped defaults", shape => new ForewarnDetector(shape)),
    ];
}
