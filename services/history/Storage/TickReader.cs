using System.Runtime.CompilerServices;
using Forewarn.History.RollUps;
using Npgsql;
using NpgsqlTypes;

namespace Forewarn.History.Storage;

/// <summary>One row as it was measured; unix milliseconds.</summary>
readonly record struct TickRow(long T, int Schema, double[] Values);

/// <summary>Reads rows as they were measured, wherever they lie: as they came, or packed. Migration 0004 says which tables there are.</summary>
static class TickReader
{
    /// <summary>Which rows of <c>ticks_recent</c> count: those before are in <c>ticks_packed</c>.</summary>
    public const string IsRecent = "t >= (SELECT rolled FROM history.roll_ups WHERE stream = 'r')";

    /// <summary>Rows of one piece that is read, at most and at least, and of a packed minute as long as nobody knows better.</summary>
    const int MostRows = 4_000, FewestRows = 100, UsualRows = 60;

    const string OfEntity = "entity = $1 AND t >= $2 AND t < $3 AND ($5::integer[] IS NULL OR schema = ANY($5))";

    const string ReadRows = $"""
        SELECT t, schema, values FROM (
            SELECT t, schema, values FROM history.ticks WHERE {OfEntity}
            UNION ALL
            SELECT t, schema, values FROM history.ticks_recent WHERE {OfEntity} AND {IsRecent}) k
        ORDER BY t FETCH FIRST $4 ROWS WITH TIES
        """;

    const string ReadPacked = $"SELECT t, schema, values, offsets FROM history.ticks_packed WHERE {OfEntity} ORDER BY t FETCH FIRST $4 ROWS WITH TIES";

    /// <summary>Rows of an entity from a time (inclusive) to another (exclusive), ascending.</summary>
    /// <param name="schemas">Only rows of these; null: of all.</param>
    /// <param name="expected">About how many rows will be taken.</param>
    public static async IAsyncEnumerable<TickRow> ReadAsync(
        Snapshot snapshot, int entity, int[]? schemas, long from, long to, int expected, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var most = Math.Clamp(expected + 1, FewestRows, MostRows);
        var mostPacked = (most / UsualRows) + 2;
        while (from < to)
        {
            // A piece ends where either side was cut off; a minute that it ends within is read again.
            var packed = await ReadAsync(ReadPacked, Level.Minute.Floor(from), to, mostPacked);
            var end = packed.Count < mostPacked ? to : Math.Min(to, packed[^1].Row.T + Level.Minute.WidthMs);
            var others = await ReadAsync(ReadRows, from, end, most);
            if (others.Count >= most)
                end = others[^1].Row.T + 1;
            foreach (var row in packed.SelectMany(Unpack).Concat(others.Select(one => one.Row)).Where(row => row.T >= from && row.T < end).OrderBy(row => row.T))
                yield return row;
            from = end;
            mostPacked = (int)Math.Clamp(((long)most * packed.Count / Math.Max(1, packed.Sum(one => one.Offsets!.Length))) + 2, 2, most);
        }

        async Task<List<(TickRow Row, int[]? Offsets)>> ReadAsync(string sql, long begin, long end, int limit)
        {
            await using var command = new NpgsqlCommand(sql, snapshot.Connection)
            {
                Parameters =
                {
                    new() { Value = entity }, RangeReader.Time(begin), RangeReader.Time(end), new() { Value = limit },
                    new() { Value = (object?)schemas ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Integer },
                },
            };
            var rows = new List<(TickRow, int[]?)>();
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                var row = new TickRow(RangeReader.UnixMs(reader.GetDateTime(0)), reader.GetInt32(1), await reader.GetFieldValueAsync<double[]>(2, cancellationToken));
                rows.Add((row, reader.FieldCount > 3 ? await reader.GetFieldValueAsync<int[]>(3, cancellationToken) : null));
            }
            return rows;
        }
    }

    static IEnumerable<TickRow> Unpack((TickRow Row, int[]? Offsets) packed)
    {
        var minute = new PackedMinute(packed.Offsets!, packed.Row.Values);
        for (var row = 0; row < minute.Offsets.Length; row++)
            yield return new TickRow(packed.Row.T + minute.Offsets[row], packed.Row.Schema, minute.Row(row));
    }
}
