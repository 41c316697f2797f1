using System.Numerics;
using Forewarn.Analytics;

namespace Forewarn.Models;

/// <summary>
/// Broken lines as operators: a binary search finds the line that each energy lies on, by the comparisons of
/// <see cref="EnergyTail.RarityOf"/>, and <c>rarity + min(most, (energy - knot) slope)</c> is that method's arithmetic.
/// </summary>
/// <remarks>
/// A step is <c>GatherElements, Greater, Cast, Add, Add</c> for all tails and rows at once, seven steps for a hundred knots.
/// Comparing with every knot would be a hundred, and trees lose what they save to guesses of branches.
/// </remarks>
static class TailGraph
{
    /// <param name="graph">Takes the operators.</param>
    /// <param name="name">Output: rarities [K, N], a tail a row.</param>
    /// <param name="energies">Input: energies [N, K].</param>
    /// <param name="tails">One for each of the K columns.</param>
    public static string Add(GraphBuilder graph, string name, string energies, IReadOnlyList<EnergyTail> tails)
    {
        var byTail = graph.Node("Transpose", [$"{name}_by_tail"], [energies], OnnxAttribute.Of("perm", new long[] { 1, 0 }));
        var line = Search(graph, name, byTail, tails, out var lines);
        var knot = graph.Take($"{name}_knot", Leaves(graph, $"{name}_knots", tails, lines, tail => tail.Energies), line);
        var rarity = graph.Take($"{name}_base", Leaves(graph, $"{name}_rarities", tails, lines, tail => tail.Rarities), line);
        var slope = graph.Take($"{name}_slope", Leaves(graph, $"{name}_slopes", tails, lines, tail => tail.Slopes), line);
        graph.Node("Sub", $"{name}_beyond", byTail, knot);
        graph.Node("Mul", $"{name}_line", $"{name}_beyond", slope);
        graph.Node("Min", $"{name}_rise", $"{name}_line", graph.Scalar("most_rise", EnergyTail.MostRise));
        return graph.Node("Add", name, rarity, $"{name}_rise");
    }

    // How many knots lie below each energy: a bit a step, the highest first.
    static string Search(GraphBuilder graph, string name, string energies, IReadOnlyList<EnergyTail> tails, out int lines)
    {
        var line = "";
        lines = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(2, tails.Max(tail => tail.Energies.Length) + 1));
        for (int step = 0, width = 1; width < lines; step++, width *= 2)
        {
            var middles = Middles(graph, $"{name}_middles{step}", tails, lines, width);
            var middle = step == 0 ? middles : graph.Take($"{name}_middle{step}", middles, line);
            graph.Node("Greater", $"{name}_above{step}", energies, middle);
            var bit = graph.Node("Cast", [$"{name}_bit{step}"], [$"{name}_above{step}"], OnnxAttribute.Of("to", OnnxValue.Int32));
            line = step == 0 ? bit : graph.Node("Add", $"{name}_line{step}", graph.Node("Add", $"{name}_twice{step}", line, line), bit);
        }
        return line;
    }

    // [K, width]: where each of so many parts of a tail's lines is cut; beyond the last knot nothing lies.
    static string Middles(GraphBuilder graph, string name, IReadOnlyList<EnergyTail> tails, int lines, int width)
    {
        var middles = new float[tails.Count * width];
        for (var i = 0; i < middles.Length; i++)
        {
            var knots = tails[i / width].Energies;
            var knot = (((2 * (i % width)) + 1) * (lines / (2 * width))) - 1;
            middles[i] = knot < knots.Length ? knots[knot] : float.PositiveInfinity;
        }
        return graph.Matrix(name, width, middles);
    }

    // [K, lines]: what a tail says of each line; the first lies below all knots, where nothing is rare.
    static string Leaves(GraphBuilder graph, string name, IReadOnlyList<EnergyTail> tails, int lines, Func<EnergyTail, ReadOnlySpan<float>> of)
    {
        var leaves = new float[tails.Count * lines];
        for (var i = 0; i < tails.Count; i++)
            of(tails[i]).CopyTo(leaves.AsSpan((i * lines) + 1, lines - 1));
        return graph.Matrix(name, lines, leaves);
    }
}
