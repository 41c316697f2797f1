using Forewarn.Analytics;

namespace Forewarn.Trainer;

/// <summary>Rows that follow each other in time, of one entity.</summary>
/// <param name="Rows">Row-major, <see cref="RowSpec.Count"/> wide.</param>
/// <param name="From">Event time of the first row, unix milliseconds; null when generated.</param>
/// <param name="To">Event time of the last row; null when generated.</param>
sealed record RowBlock(ReadOnlyMemory<float> Rows, long? From = null, long? To = null)
{
    public int Count => Rows.Length / RowSpec.Count;

    /// <summary>Pieces of at most <paramref name="size"/> rows; each keeps the times of the whole.</summary>
    public IEnumerable<RowBlock> Cut(int size)
    {
        for (var at = 0; at < Count; at += size)
            yield return this with { Rows = Rows.Slice(at * RowSpec.Count, Math.Min(size, Count - at) * RowSpec.Count) };
    }
}
