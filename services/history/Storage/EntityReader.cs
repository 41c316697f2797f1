using Forewarn.Contracts;
using Forewarn.History.Searches;
using Npgsql;

namespace Forewarn.History.Storage;

/// <summary>Answers what there is: entities and their series.</summary>
sealed class EntityReader(NpgsqlDataSource database, SeriesSearch search, SchemaCatalog schemas, HistoryOptions options, TimeProvider time)
{
    /// <summary>Entities that one statement asks for while a page of series fills.</summary>
    const int Batch = 50;

    static readonly long Always = DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();

    /// <summary>The number of an entity and of the schemas it has used within the retention of any level, newest first; null when no entity of that name was ever seen.</summary>
    public async Task<(int Entity, IReadOnlyList<int> Schemas)?> FindSchemasAsync(string name, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("""
            SELECT e.id, array_remove(array_agg(p.schema ORDER BY p.last_seen DESC), NULL)
            FROM history.entities e LEFT JOIN history.entity_schemas p ON p.entity = e.id WHERE e.name = $1 GROUP BY e.id
            """);
        command.Parameters.Add(new() { Value = name });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? (reader.GetInt32(0), await reader.GetFieldValueAsync<int[]>(1, cancellationToken))
            : null;
    }

    /// <summary>Entities by name, from the one after <paramref name="after"/>.</summary>
    /// <param name="since">Only what was seen at this time or later; null: within the retention of samples.</param>
    public async Task<List<EntityInfo>> ListEntitiesAsync(Glob? entity, long? since, string after, int limit, CancellationToken cancellationToken)
    {
        var entities = new List<EntityInfo>();
        foreach (var use in await search.ListAsync(entity, null, after, inclusive: false, SeenSince(since), limit, cancellationToken))
        {
            entities.Add(new EntityInfo
            {
                Entity = use.Name,
                Series = (await SeriesAsync(use, cancellationToken)).Count,
                FirstSeen = use.Schemas.Min(schema => schema.First),
                LastSeen = use.Schemas.Max(schema => schema.Last),
                Schemas = await SchemasAsync(use, cancellationToken),
            });
        }
        return entities;
    }

    /// <summary>Series in the order of entity and id, from the one after <paramref name="after"/>; at least <paramref name="limit"/> of them when there are that many.</summary>
    public async Task<List<SeriesInfo>> ListSeriesAsync(SeriesFilter filter, long? since, SeriesCursor after, int limit, CancellationToken cancellationToken)
    {
        var match = await search.MatchAsync(filter, cancellationToken);
        var found = new List<SeriesInfo>();
        var (from, inclusive) = (after.Entity, true);
        while (found.Count < limit)
        {
            var uses = await search.ListAsync(filter.Entity, match, from, inclusive, SeenSince(since), Batch, cancellationToken);
            foreach (var use in uses)
            {
                found.AddRange((await SeriesAsync(use, cancellationToken))
                    .Where(one => use.Name != after.Entity || string.CompareOrdinal(one.Id, after.Series) > 0)
                    .OrderBy(one => one.Id, StringComparer.Ordinal));
            }
            if (uses.Count < Batch)
                break;
            (from, inclusive) = (uses[^1].Name, false);
        }
        return found;
    }

    (long Since, long Before) SeenSince(long? since) => (since ?? time.GetUtcNow().AddDays(-options.RetentionDays).ToUnixTimeMilliseconds(), Always);

    async Task<IReadOnlyList<SchemaInfo>> SchemasAsync(EntityUse use, CancellationToken cancellationToken)
    {
        var found = new List<SchemaInfo>(use.Schemas.Count);
        foreach (var schema in use.Schemas.OrderByDescending(schema => schema.Last).ThenBy(schema => schema.Schema))
            found.Add(new SchemaInfo((await schemas.GetAsync(schema.Schema, cancellationToken)).Schema.Hash, schema.Last));
        return found;
    }

    /// <summary>A series may stand in several schemas: described as in the newest, seen from the first to the last of them.</summary>
    async Task<IReadOnlyCollection<SeriesInfo>> SeriesAsync(EntityUse use, CancellationToken cancellationToken)
    {
        var series = new Dictionary<string, SeriesInfo>(StringComparer.Ordinal);
        foreach (var schema in use.Schemas.OrderBy(schema => schema.Last))
        {
            foreach (var (_, column) in await search.ColumnsAsync(schema, cancellationToken))
            {
                series[column.Id] = new SeriesInfo
                {
                    Entity = use.Name,
                    Id = column.Id,
                    Name = column.Name,
                    Unit = column.Unit,
                    Labels = column.Labels,
                    Limit = column.Limit,
                    FirstSeen = series.TryGetValue(column.Id, out var known) ? Math.Min(known.FirstSeen, schema.First) : schema.First,
                    LastSeen = schema.Last,
                };
            }
        }
        return series.Values;
    }
}

/// <summary>Where a page of series ended.</summary>
readonly record struct SeriesCursor(string Entity, string Series)
{
    public static readonly SeriesCursor Start = new("", "");

    /// <summary>The id first: it has a fixed length, an entity's name may hold anything.</summary>
    public override string ToString() => $"{Series}.{Entity}";

    public static bool TryParse(string text, out SeriesCursor cursor)
    {
        var valid = text.Length > 17 && text[16] == '.' && !text.Contains('\0', StringComparison.Ordinal);
        cursor = valid ? new SeriesCursor(text[17..], text[..16]) : Start;
        return valid;
    }
}
