using System.Numerics;

namespace Forewarn.Analytics;

/// <summary>A tree of maxima over an array: where a value of at least some height comes next, in O(log n).</summary>
sealed class MaxTree
{
    readonly double[] _nodes;
    readonly int _leaves;
    readonly int _count;

    public MaxTree(ReadOnlySpan<double> values)
    {
        _count = values.Length;
        _leaves = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(1, _count));
        _nodes = new double[2 * _leaves];
        Array.Fill(_nodes, double.NegativeInfinity);
        values.CopyTo(_nodes.AsSpan(_leaves));
        for (var i = _leaves - 1; i > 0; i--)
        {
            _nodes[i] = Math.Max(_nodes[2 * i], _nodes[(2 * i) + 1]);
        }
    }

    /// <summary>The first index from <paramref name="from"/> on with a value of at least <paramref name="least"/>, -1 if there is none.</summary>
    public int FirstAtLeast(double least, int from)
    {
        if (from >= _count)
        {
            return -1;
        }

        // Up while the subtree to the right holds nothing, then down to its leftmost hit.
        var node = _leaves + from;
        while (!(_nodes[node] >= least))
        {
            while ((node & 1) == 1)
            {
                node >>= 1;
            }

            if (node == 0)
            {
                return -1;
            }

            node++;
        }

        while (node < _leaves)
        {
            node = _nodes[2 * node] >= least ? 2 * node : (2 * node) + 1;
        }

        return node - _leaves < _count ? node - _leaves : -1;
    }
}
