using Forewarn.Analytics;

namespace Forewarn.Trainer;

/// <summary>Which stretches of an entity's history a training reads: contiguous, because features need their past; scattered, because days differ.</summary>
static class BlockPlan
{
    /// <summary>Ticks of one block; the first 60 only warm the features up.</summary>
    public const int BlockTicks = 600;

    /// <summary>Rows that a block gives.</summary>
    public const int BlockRows = (BlockTicks - MaturityLevels.WarmSamples) / EntityReplay.Stride;

    /// <summary>
    /// Draws <paramref name="wanted"/> blocks of <paramref name="blockMs"/> from [from, to); neighbours become one stretch,
    /// and all of it one when there are not more blocks than wanted. Ascending.
    /// </summary>
    public static IReadOnlyList<(long From, long To)> Draw(long from, long to, long blockMs, int wanted, SeededRandom random)
    {
        if (to <= from || wanted <= 0)
            return [];
        var slots = (int)Math.Min(int.MaxValue, (to - from + blockMs - 1) / blockMs);
        if (slots <= wanted)
            return [(from, to)];
        var stretches = new List<(long From, long To)>();
        foreach (var slot in Sample(slots, wanted, random))
        {
            var (start, end) = (from + (slot * blockMs), Math.Min(to, from + ((slot + 1) * blockMs)));
            if (stretches.Count > 0 && stretches[^1].To == start)
                stretches[^1] = (stretches[^1].From, end);
            else
                stretches.Add((start, end));
        }
        return stretches;
    }

    // Floyd: distinct numbers without listing them all.
    static SortedSet<long> Sample(int total, int count, SeededRandom random)
    {
        var chosen = new SortedSet<long>();
        for (var limit = total - count; limit < total; limit++)
        {
            if (!chosen.Add(random.NextInt(limit + 1)))
                chosen.Add(limit);
        }
        return chosen;
    }
}
