using Forewarn.Analytics;

namespace Forewarn.Models;

/// <summary>
/// Broken lines as operators: a tree a tail finds the line an energy lies on by the same comparisons as
/// <see cref="EnergyTail.RarityOf"/>, its leaf holds knot, rarity and slope, and
/// <c>rarity + min(most, (energy - knot) slope)</c> is that method's arithmetic.
/// </summary>
/// <remarks>Counting the knots below an energy with plain comparisons is a hundred a tail and tick; a tree takes seven.</remarks>
static class TailGraph
{
    /// <param name="graph">Takes the operators.</param>
    /// <param name="name">Output: rarities [N, K].</param>
    /// <param name="energies">Input: energies [N, K].</param>
    /// <param name="tails">One for each of the K columns.</param>
    public static string Add(GraphBuilder graph, string name, string energies, IReadOnlyList<EnergyTail> tails)
    {
        graph.Trees($"{name}_lines", energies, Lines(tails));
        string[] line = [$"{name}_knot", $"{name}_base", $"{name}_slope"];
        graph.Node("Split", line, [$"{name}_lines"], OnnxAttribute.Of("axis", 1));
        graph.Node("Sub", $"{name}_beyond", energies, line[0]);
        graph.Node("Mul", $"{name}_line", $"{name}_beyond", line[2]);
        graph.Node("Min", $"{name}_rise", $"{name}_line", graph.Scalar("most_rise", EnergyTail.MostRise));
        return graph.Node("Add", name, line[1], $"{name}_rise");
    }

    static TreeEnsemble Lines(IReadOnlyList<EnergyTail> tails)
    {
        var ensemble = new TreeEnsemble(3 * tails.Count);
        for (var i = 0; i < tails.Count; i++)
        {
            ensemble.Begin();
            Grow(ensemble, tails[i], [i, tails.Count + i, (2 * tails.Count) + i], node: 0, first: 0, last: tails[i].Energies.Length);
        }
        return ensemble;
    }

    // Leaf n is for energies above n knots. Nodes lie in the order of a walk, a left subtree of k leaves has 2 k - 1 of them.
    static void Grow(TreeEnsemble ensemble, EnergyTail tail, ReadOnlySpan<int> targets, int node, int first, int last)
    {
        if (first == last)
        {
            var knot = first - 1;
            ensemble.Leaf(knot < 0 ? [0, 0, 0] : [tail.Energies[knot], tail.Rarities[knot], tail.Slopes[knot]], targets);
            return;
        }
        var middle = (first + last) / 2;
        var (left, right) = (node + 1, node + (2 * (middle - first + 1)));
        ensemble.Branch(targets[0], tail.Energies[middle], left, right);
        Grow(ensemble, tail, targets, left, first, middle);
        Grow(ensemble, tail, targets, right, middle + 1, last);
    }
}
