using Forewarn.Contracts;

namespace Forewarn.StreamProcessor;

/// <summary>The columns of an entity out of the columns of its lanes.</summary>
static class CombinedColumns
{
    /// <summary>
    /// Sorts the lanes by their hash, sets every lane's map and returns the entity's schema, see <see cref="SeriesSchema.Join"/>.
    /// </summary>
    public static SeriesSchema Combine(List<Lane> lanes)
    {
        if (lanes.Count == 1)
        {
            lanes[0].Map = [.. Enumerable.Range(0, lanes[0].Schema.Columns.Count)];
            return lanes[0].Schema;
        }
        lanes.Sort(static (a, b) => string.CompareOrdinal(a.Schema.Hash, b.Schema.Hash));
        var joined = SeriesSchema.Join([.. lanes.Select(lane => lane.Schema)]);
        var places = joined.Columns.Select((column, place) => (column.Id, place)).ToDictionary(StringComparer.Ordinal);
        foreach (var lane in lanes)
            lane.Map = [.. lane.Schema.Columns.Select(column => places[column.Id])];
        return joined;
    }
}
