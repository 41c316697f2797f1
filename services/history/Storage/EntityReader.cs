using Forewarn.Contracts;
using Npgsql;

namespace Forewarn.History.Storage;

/// <summary>Answers what there is: entities and their series. Lists name what was seen within the retention of samples, roll-ups reach further back.</summary>
sealed class EntityReader(NpgsqlDataSource database, SchemaCatalog schemas, HistoryOptions options, TimeProvider time)
{
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
    public async Task<List<EntityInfo>> ListEntitiesAsync(string after, int limit, CancellationToken cancellationToken)
    {
        var entities = new List<EntityInfo>();
        foreach (var row in await ReadUseAsync("e.name > $1", after, limit, cancellationToken))
        {
            var series = await SeriesAsync(row, cancellationToken);
            entities.Add(new EntityInfo
            {
                Entity = row.Name,
                Series = series.Count,
                FirstSeen = row.First.Min(),
                LastSeen = row.Last.Max(),
            });
        }
        return entities;
    }

    /// <summary>Series in the order of entity and id, from the one after <paramref name="after"/>; at least <paramref name="limit"/> of them when there are that many.</summary>
    public async Task<List<SeriesInfo>> ListSeriesAsync(string? entity, string? name, SeriesCursor after, int limit, CancellationToken cancellationToken)
    {
        var found = new List<SeriesInfo>();
        var from = after.Entity;
        var condition = entity is null ? "e.name >= $1" : "e.name = $1";
        while (found.Count < limit)
        {
            var rows = await ReadUseAsync(condition, entity ?? from, 20, cancellationToken);
            foreach (var row in rows)
            {
                var series = await SeriesAsync(row, cancellationToken);
                found.AddRange(series
                    .Where(one => name is null || one.Name.StartsWith(name, StringComparison.Ordinal))
                    .Where(one => row.Name != after.Entity || string.CompareOrdinal(one.Id, after.Series) > 0)
                    .OrderBy(one => one.Id, StringComparer.Ordinal));
            }
            if (entity is not null || rows.Count < 20)
                break;
            from = rows[^1].Name;
            condition = "e.name > $1";
        }
        return found;
    }

    sealed record Use(string Name, int[] Schemas, long[] First, long[] Last);

    async Task<List<Use>> ReadUseAsync(string condition, string name, int limit, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand($"""
            SELECT e.name, array_agg(p.schema), array_agg(p.first_seen), array_agg(p.last_seen)
            FROM history.entities e JOIN history.entity_schemas p ON p.entity = e.id
            WHERE {condition} AND p.last_seen >= $3 GROUP BY e.name ORDER BY e.name LIMIT $2
            """);
        command.Parameters.Add(new() { Value = name });
        command.Parameters.Add(new() { Value = limit });
        command.Parameters.Add(RangeReader.Time(time.GetUtcNow().AddDays(-options.RetentionDays).ToUnixTimeMilliseconds()));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new List<Use>();
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add(new Use(
                reader.GetString(0),
                await reader.GetFieldValueAsync<int[]>(1, cancellationToken),
                [.. (await reader.GetFieldValueAsync<DateTime[]>(2, cancellationToken)).Select(RangeReader.UnixMs)],
                [.. (await reader.GetFieldValueAsync<DateTime[]>(3, cancellationToken)).Select(RangeReader.UnixMs)]));
        }
        return rows;
    }

    async Task<List<SeriesInfo>> SeriesAsync(Use use, CancellationToken cancellationToken)
    {
        var series = new Dictionary<string, SeriesInfo>(StringComparer.Ordinal);
        for (var i = 0; i < use.Schemas.Length; i++)
        {
            foreach (var column in (await schemas.GetAsync(use.Schemas[i], cancellationToken)).Schema.Columns)
            {
                if (series.TryGetValue(column.Id, out var known) && known.LastSeen >= use.Last[i])
                    continue;
                series[column.Id] = new SeriesInfo
                {
                    Entity = use.Name,
                    Id = column.Id,
                    Name = column.Name,
                    Unit = column.Unit,
                    Labels = column.Labels,
                    Limit = column.Limit,
                    LastSeen = use.Last[i],
                };
            }
        }
        return [.. series.Values];
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
