using Forewarn.Analytics;

namespace Forewarn.Models;

/// <summary>
/// Which metrics a joint alarm is blamed on: energy x (1 + what |z| has beyond ordinary) x (1 + metrics x importance). A metric that is
/// strange beside the others counts the more, the farther it is from its own usual and the more the forest has split on it; within its
/// usual, z says nothing. Why not one of them alone: analytics/README.md.
/// </summary>
public static class JointBlame
{
    /// <summary>Deviations that are ordinary.</summary>
    const float Usual = 3;

    /// <summary>Weighs all metrics, by slot; asks the forest, so it is for alarms.</summary>
    /// <param name="joint">Of the tick.</param>
    /// <param name="features">Columns x <see cref="FeatureSpec.Count"/>.</param>
    /// <param name="blame">Receives one a slot; none is negative, and what the entity does not have is 0.</param>
    /// <param name="importance">Receives the forest's, one a slot.</param>
    /// <returns>A forest was asked.</returns>
    public static bool Weigh(in JointEvidence joint, ReadOnlySpan<float> features, Span<double> blame, Span<double> importance)
    {
        importance.Clear();
        var asked = joint.TryExplain(importance);
        for (var slot = 0; slot < joint.Energies.Length; slot++)
        {
            if (joint.ColumnOfSlot[slot] is not (>= 0 and var column))
            {
                blame[slot] = 0;
                continue;
            }
            var z = Math.Abs(Explainer.DeviationOf(features, column));
            var beyond = z > Usual ? z - Usual : 0;
            blame[slot] = joint.Energies[slot] * (1 + beyond) * (1 + (joint.Energies.Length * importance[slot]));
        }
        return asked;
    }
}
