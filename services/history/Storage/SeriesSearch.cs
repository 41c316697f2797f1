using System.Text;
using Forewarn.Contracts;
using Forewarn.History.Searches;
using Npgsql;
using NpgsqlTypes;

namespace Forewarn.History.Storage;

/// <summary>A schema that an entity has used, when, and which of its columns are asked for; <paramref name="Ordinals"/> count from 0, null = all.</summary>
sealed record SchemaUse(int Schema, long First, long Last, IReadOnlyList<int>? Ordinals);

/// <summary>An entity and the schemas it has used that hold anything that is asked for.</summary>
sealed record EntityUse(int Id, string Name, IReadOnlyList<SchemaUse> Schemas);

/// <summary>Finds out which series there are, without touching what was measured.</summary>
sealed class SeriesSearch(NpgsqlDataSource database, SchemaCatalog schemas)
{
    /// <summary>Columns that a filter takes, by schema; null = all of all.</summary>
    public async Task<IReadOnlyDictionary<int, int[]>?> MatchAsync(SeriesFilter filter, CancellationToken cancellationToken)
    {
        if (filter.TakesAllSeries)
            return null;
        await using var command = database.CreateCommand();
        var sql = new StringBuilder("SELECT c.schema, array_agg(c.ordinal - 1 ORDER BY c.ordinal) FROM history.columns c WHERE true");
        if (filter.Name is { } name)
            sql.Append(" AND c.name LIKE ").Append(Add(command, name.Like));
        if (filter.Unit is { } unit)
            sql.Append(" AND c.unit = ").Append(Add(command, unit));
        if (filter.Ids.Count > 0)
            sql.Append(" AND c.series = ANY(").Append(Add(command, filter.Ids.ToArray())).Append(')');
        foreach (var label in filter.Labels)
        {
            sql.Append(" AND (c.labels ->> ").Append(Add(command, label.Key)).Append(" LIKE ").Append(Add(command, label.Value.Like))
                .Append(label.Negated ? ") IS NOT TRUE" : ")");
        }
        if (filter.Entity?.Exact is { } entity)
            sql.Append(" AND c.schema IN (SELECT p.schema FROM history.entity_schemas p JOIN history.entities e ON e.id = p.entity WHERE e.name = ").Append(Add(command, entity)).Append(')');
        command.CommandText = sql.Append(" GROUP BY 1").ToString();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var matches = new Dictionary<int, int[]>();
        while (await reader.ReadAsync(cancellationToken))
            matches.Add(reader.GetInt32(0), await reader.GetFieldValueAsync<int[]>(1, cancellationToken));
        return matches;
    }

    /// <summary>Entities by name, from the one at or after <paramref name="after"/>.</summary>
    /// <param name="match">What <see cref="MatchAsync"/> gave.</param>
    /// <param name="seen">Seen at the first time or later, and before the second; unix milliseconds.</param>
    public async Task<List<EntityUse>> ListAsync(
        Glob? entity, IReadOnlyDictionary<int, int[]>? match, string after, bool inclusive, (long Since, long Before) seen, int limit, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand($"""
            SELECT e.id, e.name, array_agg(p.schema), array_agg(p.first_seen), array_agg(p.last_seen)
            FROM history.entities e JOIN history.entity_schemas p ON p.entity = e.id
            WHERE e.name {(inclusive ? ">=" : ">")} $1 AND p.last_seen >= $3 AND p.first_seen < $4
              AND ($5::text IS NULL OR e.name = $5) AND ($6::text IS NULL OR e.name LIKE $6) AND ($7::int[] IS NULL OR p.schema = ANY($7))
            GROUP BY e.id, e.name ORDER BY e.name LIMIT $2
            """);
        command.Parameters.Add(new() { Value = after });
        command.Parameters.Add(new() { Value = limit });
        command.Parameters.Add(RangeReader.Time(Math.Max(0, seen.Since)));
        command.Parameters.Add(RangeReader.Time(seen.Before));
        command.Parameters.Add(Nullable(entity?.Exact, NpgsqlDbType.Text));
        command.Parameters.Add(Nullable(entity is { Exact: null } ? entity.Like : null, NpgsqlDbType.Text));
        command.Parameters.Add(Nullable(match?.Keys.ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Integer));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var uses = new List<EntityUse>();
        while (await reader.ReadAsync(cancellationToken))
        {
            var ids = await reader.GetFieldValueAsync<int[]>(2, cancellationToken);
            var first = await reader.GetFieldValueAsync<DateTime[]>(3, cancellationToken);
            var last = await reader.GetFieldValueAsync<DateTime[]>(4, cancellationToken);
            uses.Add(new EntityUse(reader.GetInt32(0), reader.GetString(1), [.. ids.Select((id, i) =>
                new SchemaUse(id, RangeReader.UnixMs(first[i]), RangeReader.UnixMs(last[i]), match?[id]))]));
        }
        return uses;
    }

    /// <summary>The columns of a schema that are asked for.</summary>
    public async Task<List<(int Ordinal, SeriesColumn Column)>> ColumnsAsync(SchemaUse use, CancellationToken cancellationToken)
    {
        var columns = (await schemas.GetAsync(use.Schema, cancellationToken)).Schema.Columns;
        return [.. (use.Ordinals ?? Enumerable.Range(0, columns.Count)).Select(ordinal => (ordinal, columns[ordinal]))];
    }

    static NpgsqlParameter Nullable(object? value, NpgsqlDbType type) => new() { Value = value ?? DBNull.Value, NpgsqlDbType = type };

    static string Add(NpgsqlCommand command, object value)
    {
        command.Parameters.Add(new() { Value = value });
        return $"${command.Parameters.Count}";
    }
}
