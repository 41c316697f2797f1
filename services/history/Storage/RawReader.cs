using Forewarn.Contracts;
using Npgsql;

namespace Forewarn.History.Storage;

/// <summary>Answers <c>/v1/raw</c>: rows as they were measured.</summary>
sealed class RawReader(NpgsqlDataSource database, EntityCatalog entities, SchemaCatalog schemas)
{
    /// <summary>What a row and a value cost as JSON at most; an answer stays below 2 MiB.</summary>
    const int MostBytes = 1_900_000, BytesPerRow = 40, BytesPerValue = 25;

    /// <summary>
    /// Rows from <paramref name="from"/> (inclusive) to <paramref name="to"/> (exclusive), ascending. A page ends between
    /// two instants, never within one, so that asking on from <see cref="RawRows.Next"/> loses and repeats nothing; an
    /// instant that alone exceeds a page comes whole. Of an entity that nobody has seen there are no rows: whoever catches up has nothing to do.
    /// </summary>
    public async Task<RawRows> ReadAsync(string entity, long from, long to, int limit, CancellationToken cancellationToken)
    {
        if (await entities.FindAsync(entity, cancellationToken) is not { } id)
            return new RawRows { Entity = entity, Sets = [] };
        await using var command = database.CreateCommand(
            "SELECT t, schema, values FROM history.ticks WHERE entity = $1 AND t >= $2 AND t < $3 ORDER BY t FETCH FIRST $4 ROWS WITH TIES");
        command.Parameters.Add(new() { Value = id });
        command.Parameters.Add(RangeReader.Time(from));
        command.Parameters.Add(RangeReader.Time(to));
        command.Parameters.Add(new() { Value = limit });
        var sets = new Dictionary<int, List<MetricRow>>();
        long? next = null, last = null;
        var rows = 0;
        var bytes = 0L;
        await using (var reader = await command.ExecuteReaderAsync(cancellationToken))
        {
            while (await reader.ReadAsync(cancellationToken))
            {
                var t = RangeReader.UnixMs(reader.GetDateTime(0));
                if (bytes > MostBytes && t != last)
                {
                    next = t;
                    break;
                }
                var values = await reader.GetFieldValueAsync<double[]>(2, cancellationToken);
                if (!sets.TryGetValue(reader.GetInt32(1), out var set))
                    sets.Add(reader.GetInt32(1), set = []);
                set.Add(new MetricRow(t, values));
                bytes += BytesPerRow + values.Length * BytesPerValue;
                last = t;
                rows++;
            }
        }
        // Instants are whole milliseconds, so the next one begins at the next number; there may turn out to be none.
        if (next is null && rows >= limit && last + 1 < to)
            next = last + 1;
        var result = new List<RawRowSet>(sets.Count);
        foreach (var (schema, set) in sets)
            result.Add(new RawRowSet((await schemas.GetAsync(schema, cancellationToken)).Schema.Hash, set));
        return new RawRows { Entity = entity, Sets = result, Next = next };
    }
}
