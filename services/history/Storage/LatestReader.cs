using Forewarn.Contracts;
using Forewarn.History.Searches;
using Npgsql;

namespace Forewarn.History.Storage;

/// <summary>
/// Answers <c>/v1/latest</c>. The newest row of each entity and schema costs one look into the index; where that row lacks a
/// value, the newest one within <see cref="LookBackMs"/> of when the schema was last seen stands in.
/// </summary>
sealed class LatestReader(NpgsqlDataSource database, SeriesSearch search, EntityCatalog entities, HistoryOptions options, TimeProvider time)
{
    public const long LookBackMs = 15 * 60_000;

    /// <summary>When a schema was last seen is noted this much late at most, with room to spare.</summary>
    const long SeenLagMs = 60_000;

    /// <summary>Entities that are read at a time.</summary>
    const int Batch = 50;

    static readonly long Always = DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();

    /// <summary>Values in the order of entity and series id, from the one after <paramref name="after"/>; at least <paramref name="limit"/> of them when there are that many.</summary>
    /// <exception cref="Ranges.BadRequestException">There is no such entity.</exception>
    public async Task<List<LatestValue>> ReadAsync(SeriesFilter filter, SeriesCursor after, int limit, CancellationToken cancellationToken)
    {
        await entities.RequireAsync(filter.Entity, cancellationToken);
        var match = await search.MatchAsync(filter, cancellationToken);
        var since = time.GetUtcNow().AddDays(-options.RetentionDays).ToUnixTimeMilliseconds();
        var found = new List<LatestValue>();
        var (from, inclusive) = (after.Entity, true);
        while (found.Count < limit)
        {
            var uses = await search.ListAsync(filter.Entity, match, from, inclusive, (since, Always), Batch, cancellationToken);
            foreach (var (entity, values) in await ReadAsync(uses, cancellationToken))
                found.AddRange(values.Where(value => entity != after.Entity || string.CompareOrdinal(value.Id, after.Series) > 0));
            if (uses.Count < Batch)
                break;
            (from, inclusive) = (uses[^1].Name, false);
        }
        return found;
    }

    /// <summary>One entity and schema, and what is still sought of it.</summary>
    sealed record Source(EntityUse Entity, SchemaUse Schema, IReadOnlyList<(int Ordinal, SeriesColumn Column)> Columns);

    async Task<List<(string Entity, List<LatestValue> Values)>> ReadAsync(List<EntityUse> uses, CancellationToken cancellationToken)
    {
        var sources = new List<Source>();
        foreach (var use in uses)
        {
            foreach (var schema in use.Schemas)
                sources.Add(new Source(use, schema, await search.ColumnsAsync(schema, cancellationToken)));
        }
        var newest = uses.ToDictionary(use => use.Id, _ => new Dictionary<string, LatestValue>(StringComparer.Ordinal));
        foreach (var (source, column, t, value) in await ReadValuesAsync(sources, cancellationToken))
        {
            var values = newest[source.Entity.Id];
            if (values.TryGetValue(column.Id, out var known) && known.T >= t)
                continue;
            values[column.Id] = new LatestValue
            {
                Entity = source.Entity.Name,
                Id = column.Id,
                Name = column.Name,
                Unit = column.Unit,
                Labels = column.Labels,
                T = t,
                Value = value,
            };
        }
        return [.. uses.Select(use => (use.Name, newest[use.Id].Values.OrderBy(value => value.Id, StringComparer.Ordinal).ToList()))];
    }

    async Task<List<(Source Source, SeriesColumn Column, long T, double Value)>> ReadValuesAsync(List<Source> sources, CancellationToken cancellationToken)
    {
        var values = new List<(Source, SeriesColumn, long, double)>();
        var masked = new List<(Source Source, int Ordinal, SeriesColumn Column)>();
        await using (var command = Command("values", "", sources, []))
        await using (var reader = await command.ExecuteReaderAsync(cancellationToken))
        {
            while (await reader.ReadAsync(cancellationToken))
            {
                var source = sources[(int)reader.GetInt64(0) - 1];
                var t = RangeReader.UnixMs(reader.GetDateTime(1));
                var row = await reader.GetFieldValueAsync<double[]>(2, cancellationToken);
                foreach (var (ordinal, column) in source.Columns)
                {
                    if (double.IsNaN(row[ordinal]))
                        masked.Add((source, ordinal, column));
                    else
                        values.Add((source, column, t, row[ordinal]));
                }
            }
        }
        if (masked.Count == 0)
            return values;
        await using (var command = Command("values[p.o]", "AND values[p.o] <> 'NaN'", [.. masked.Select(one => one.Source)], [.. masked.Select(one => one.Ordinal + 1)]))
        await using (var reader = await command.ExecuteReaderAsync(cancellationToken))
        {
            while (await reader.ReadAsync(cancellationToken))
            {
                var (source, _, column) = masked[(int)reader.GetInt64(0) - 1];
                values.Add((source, column, RangeReader.UnixMs(reader.GetDateTime(1)), reader.GetDouble(2)));
            }
        }
        return values;
    }

    /// <summary>The newest row of each source that meets a condition.</summary>
    NpgsqlCommand Command(string what, string condition, List<Source> sources, int[] ordinals)
    {
        var command = database.CreateCommand($"""
            SELECT p.i, r.t, r.v
            FROM unnest($1, $2, $3, $4, $5) WITH ORDINALITY AS p(entity, schema, a, z, o, i) CROSS JOIN LATERAL (
                SELECT t, {what} AS v FROM history.ticks
                WHERE entity = p.entity AND schema = p.schema AND t >= p.a AND t <= p.z {condition} ORDER BY t DESC LIMIT 1) r
            """);
        command.Parameters.Add(new() { Value = sources.Select(source => source.Entity.Id).ToArray() });
        command.Parameters.Add(new() { Value = sources.Select(source => source.Schema.Schema).ToArray() });
        command.Parameters.Add(Seal.Times(sources.Select(source => Math.Max(0, source.Schema.Last - LookBackMs))));
        command.Parameters.Add(Seal.Times(sources.Select(source => source.Schema.Last + SeenLagMs)));
        command.Parameters.Add(new() { Value = ordinals });
        return command;
    }
}
