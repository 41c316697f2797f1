namespace Forewarn.Analytics;

/// <summary>How improbable a score is on normal behaviour.</summary>
/// <param name="P">Probability of a score at least this large, in (0, 1].</param>
/// <param name="Extrapolated">True when P lies beyond what the history can count and comes from a fitted tail.</param>
public readonly record struct TailProbability(double P, bool Extrapolated);
