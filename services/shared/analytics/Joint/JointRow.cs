namespace Forewarn.Analytics;

/// <summary>
/// What the joint model reads of an entity: the first <see cref="Count"/> features of each of the model's metrics, metric by
/// metric. A model has slots, an entity has columns; which column fills which slot is the caller's to know.
/// </summary>
public static class JointRow
{
    /// <summary>Changes whenever a row does; part of a model's identity.</summary>
    public const string Version = "j2";

    /// <summary>Features of a metric.</summary>
    public const int Count = FeatureSpec.JointCount;

    /// <summary>The first of them, which the short models read: all but those of 240 points.</summary>
    public const int ShortCount = FeatureSpec.Mean240;

    /// <summary>Metrics of a model, at most: its matrices grow with their square.</summary>
    public const int MaxMetrics = 128;

    /// <summary>Of a metric's features, in order.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. FeatureSpec.Names.Take(Count)];

    /// <summary>Fills a row, not scaled yet.</summary>
    /// <param name="features">The entity's, columns x <see cref="FeatureSpec.Count"/>; NaN where a series is masked.</param>
    /// <param name="columnOfSlot">For each slot of the model a column of the entity; -1 where it has none, which leaves NaN.</param>
    /// <param name="row">At least slots x <see cref="Count"/>.</param>
    public static void Gather(ReadOnlySpan<float> features, ReadOnlySpan<int> columnOfSlot, Span<float> row)
    {
        if (row.Length < columnOfSlot.Length * Count)
            throw new ArgumentException($"{columnOfSlot.Length} slots need {columnOfSlot.Length * Count} places, got {row.Length}.", nameof(row));
        for (var slot = 0; slot < columnOfSlot.Length; slot++)
        {
            var own = row.Slice(slot * Count, Count);
            if (columnOfSlot[slot] < 0)
                own.Fill(float.NaN);
            else
                features.Slice(columnOfSlot[slot] * FeatureSpec.Count, Count).CopyTo(own);
        }
    }
}
