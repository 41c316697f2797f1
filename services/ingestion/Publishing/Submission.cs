using Forewarn.Contracts;

namespace Forewarn.Ingestion;

/// <summary>What a door hands over after validation: one entity's samples, rows ascending in time.</summary>
/// <param name="Source">The door, see <see cref="Sources"/>.</param>
sealed record Submission(string Entity, SeriesSchema Schema, IReadOnlyList<MetricRow> Rows, string Source)
{
    /// <summary>Whose key it came with; the door's name where there are no keys.</summary>
    public string Sender { get; init; } = Source;

    /// <summary>What the door measures together: a measurement, a job, a scope; empty where there is no such thing.</summary>
    public string Group { get; init; } = "";

    /// <summary>Which columns are counters, whose cumulative values are published as rates; null when none is.</summary>
    public IReadOnlyList<Counting>? Counting { get; init; }

    /// <summary>Where a counter's start differs from that of <see cref="Counting"/>, by time and column: it began anew within the rows. Null when none did.</summary>
    public IReadOnlyDictionary<(long T, int Column), long>? Starts { get; init; }

    /// <summary>Cells of cumulative distributions, ascending in time; the rows hold NaN there. Null when there are none.</summary>
    public IReadOnlyList<DistributionCell>? Distributions { get; init; }

    /// <summary>What the source says of the entity, see <see cref="EntityCards"/>; null when it says nothing.</summary>
    public IReadOnlyDictionary<string, string>? Attributes { get; init; }

    /// <summary>Values that were measured; masked ones do not count.</summary>
    public int CountSamples()
    {
        var samples = Distributions?.Count ?? 0;
        foreach (var row in Rows)
        {
            foreach (var value in row.Values)
                samples += double.IsNaN(value) ? 0 : 1;
        }
        return samples;
    }
}
