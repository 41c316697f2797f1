namespace Forewarn.Analytics;

/// <summary>Draws the splits of half-space trees (section 3.1 of the paper).</summary>
static class HalfSpaceSplits
{
    /// <summary>Splits of all trees, each a heap of 2^depth - 1 nodes.</summary>
    /// <param name="ranges">Bulk of each feature.</param>
    /// <param name="options">Size and seed.</param>
    public static (ushort[] Features, float[] Thresholds) Draw((float Low, float High)[] ranges, HalfSpaceOptions options)
    {
        var inner = (1 << options.Depth) - 1;
        var (features, thresholds) = (new ushort[options.Trees * inner], new float[options.Trees * inner]);
        for (var tree = 0; tree < options.Trees; tree++)
        {
            var random = new SeededRandom(options.Seed, tree + 1);
            var work = Array.ConvertAll(ranges, range => WorkRange(range, random));
            new Tree(random, features.AsMemory(tree * inner, inner), thresholds.AsMemory(tree * inner, inner)).Split(node: 0, work);
        }
        return (features, thresholds);
    }

    /// <summary>
    /// A range around a random point of the bulk that holds all of it: with s uniform in [0, 1] of the bulk, s ± 2 max(s, 1 - s).
    /// It differs from tree to tree, so that splits fall on either side of the data as well as through it.
    /// </summary>
    static (double Low, double High) WorkRange((float Low, float High) bulk, SeededRandom random)
    {
        // A constant feature still can move: it gets a range of its own size, or of 1 around zero.
        double width = bulk.High > bulk.Low ? bulk.High - bulk.Low : Math.Max(Math.Abs(bulk.Low), 1);
        var s = random.NextDouble();
        var reach = 2 * Math.Max(s, 1 - s);
        return (bulk.Low + ((s - reach) * width), bulk.Low + ((s + reach) * width));
    }

    sealed class Tree(SeededRandom random, Memory<ushort> features, Memory<float> thresholds)
    {
        public void Split(int node, (double Low, double High)[] work)
        {
            if (node >= features.Length)
                return;
            var feature = random.NextInt(work.Length);
            var (low, high) = work[feature];
            var middle = (low + high) / 2;
            features.Span[node] = (ushort)feature;
            thresholds.Span[node] = (float)middle;
            work[feature] = (low, middle);
            Split((2 * node) + 1, work);
            work[feature] = (middle, high);
            Split((2 * node) + 2, work);
            work[feature] = (low, high);
        }
    }
}
