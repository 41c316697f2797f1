using Forewarn.Contracts;

namespace Forewarn.StreamProcessor;

/// <summary>The columns of an entity out of the columns of its lanes.</summary>
static class CombinedColumns
{
    /// <summary>
    /// Sets every lane's map and returns the entity's schema. Lanes go in order of their hash, whatever came first, so
    /// that entities that measure the same things share one schema; with a single lane it is the lane's own.
    /// </summary>
    public static SeriesSchema Combine(List<Lane> lanes)
    {
        if (lanes.Count == 1)
        {
            lanes[0].Map = [.. Enumerable.Range(0, lanes[0].Schema.Columns.Count)];
            return lanes[0].Schema;
        }
        lanes.Sort(static (a, b) => string.CompareOrdinal(a.Schema.Hash, b.Schema.Hash));
        var columns = new List<SeriesColumn>();
        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var lane in lanes)
        {
            var map = new int[lane.Schema.Columns.Count];
            for (var i = 0; i < map.Length; i++)
            {
                var column = lane.Schema.Columns[i];
                if (places.TryAdd(column.Id, columns.Count))
                    columns.Add(column);
                map[i] = places[column.Id];
            }
            lane.Map = map;
        }
        return SeriesSchema.Of(columns);
    }
}
