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
        var sets = new Dictionary<int, List<MetricRow>>();
        long? next = null, last = null;
        var rows = 0;
        var bytes = 0L;
        await using (var snapshot = await Snapshot.OpenAsync(database, cancellationToken))
        {
            await foreach (var row in TickReader.ReadAsync(snapshot, id, null, from, to, limit, cancellationToken))
            {
                if ((bytes > MostBytes || rows >= limit) && row.T != last)
                {
                    next = row.T;
                    break;
                }
                if (!sets.TryGetValue(row.Schema, out var set))
                    sets.Add(row.Schema, set = []);
                set.Add(new MetricRow(row.T, row.Values));
                bytes += BytesPerRow + row.Values.Length * BytesPerValue;
                last = row.T;
                rows++;
            }
        }
        var result = new List<RawRowSet>(sets.Count);
        foreach (var (schema, set) in sets)
            result.Add(new RawRowSet((await schemas.GetAsync(schema, cancellationToken)).Schema.Hash, set));
        return new RawRows { Entity = entity, Sets = result, Next = next };
    }
}
