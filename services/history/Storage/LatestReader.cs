using System.Runtime.CompilerServices;
using Forewarn.Contracts;
using Forewarn.History.RollUps;
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

    /// <summary>Minutes of a look-back, which begins and ends within one.</summary>
    const int MostMinutes = (int)((LookBackMs + SeenLagMs) / 60_000) + 1;

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
        await using var snapshot = await Snapshot.OpenAsync(database, cancellationToken);
        var rows = await NewestAsync(snapshot, sources, cancellationToken);
        foreach (var (i, source) in sources.Index())
        {
            if (rows[i] is not var (t, row))
                continue;
            foreach (var (ordinal, column) in source.Columns)
            {
                if (double.IsNaN(row[ordinal]))
                    masked.Add((source, ordinal, column));
                else
                    values.Add((source, column, t, row[ordinal]));
            }
        }
        if (masked.Count == 0)
            return values;
        var found = new HashSet<int>();
        await using (var command = Command(snapshot, Rows("values[p.o]", "AND values[p.o] <> 'NaN'"), [.. masked.Select(one => one.Source)]))
        {
            command.Parameters.Add(new() { Value = masked.Select(one => one.Ordinal + 1).ToArray() });
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                var (source, _, column) = masked[(int)reader.GetInt64(0) - 1];
                values.Add((source, column, RangeReader.UnixMs(reader.GetDateTime(1)), reader.GetDouble(2)));
                if (reader.GetBoolean(3))
                    found.Add((int)reader.GetInt64(0) - 1);
            }
        }
        var sought = masked.Where((_, i) => !found.Contains(i)).GroupBy(one => one.Source, ReferenceEqualityComparer.Instance).ToList();
        var newest = new Dictionary<(int, int), (Source, SeriesColumn, long T, double)>();
        await foreach (var (i, t, packed, row) in PackedAsync(snapshot, [.. sought.Select(group => group.First().Source)], MostMinutes, cancellationToken))
        {
            foreach (var (source, ordinal, column) in sought[i])
            {
                var value = packed.Values[(ordinal * packed.Offsets.Length) + row];
                if (!double.IsNaN(value) && !(newest.TryGetValue((i, ordinal), out var known) && known.T >= t))
                    newest[(i, ordinal)] = (source, column, t, value);
            }
        }
        values.AddRange(newest.Values);
        return values;
    }

    /// <summary>The newest row of each source.</summary>
    static async Task<(long T, double[] Values)?[]> NewestAsync(Snapshot snapshot, List<Source> sources, CancellationToken cancellationToken)
    {
        var newest = new (long T, double[] Values)?[sources.Count];
        var silent = Enumerable.Range(0, sources.Count).ToHashSet();
        await using (var command = Command(snapshot, Rows("values", ""), sources))
        {
            command.Parameters.Add(new() { Value = Array.Empty<int>() });
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                var i = (int)reader.GetInt64(0) - 1;
                var t = RangeReader.UnixMs(reader.GetDateTime(1));
                if (!(newest[i]?.T >= t))
                    newest[i] = (t, await reader.GetFieldValueAsync<double[]>(2, cancellationToken));
                if (reader.GetBoolean(3))
                    silent.Remove(i);
            }
        }
        // What is packed is older than any row that is still to be.
        int[] left = [.. silent.Order()];
        await foreach (var (i, t, packed, row) in PackedAsync(snapshot, [.. left.Select(i => sources[i])], 1, cancellationToken))
        {
            if (!(newest[left[i]]?.T >= t))
                newest[left[i]] = (t, packed.Row(row));
        }
        return newest;
    }

    /// <summary>The newest row of each source that meets a condition, of those that will be packed and of the others.</summary>
    static string Rows(string what, string condition) => $"""
        SELECT p.i, r.t, r.v, r.recent
        FROM unnest($1, $2, $3, $4, $5) WITH ORDINALITY AS p(entity, schema, a, z, o, i) CROSS JOIN LATERAL (
            (SELECT t, {what} AS v, true AS recent FROM history.ticks_recent
             WHERE entity = p.entity AND schema = p.schema AND t >= p.a AND t <= p.z AND {TickReader.IsRecent} {condition} ORDER BY t DESC LIMIT 1)
            UNION ALL
            (SELECT t, {what}, false FROM history.ticks
             WHERE entity = p.entity AND schema = p.schema AND t >= p.a AND t <= p.z {condition} ORDER BY t DESC LIMIT 1)) r
        """;

    /// <summary>What of the newest packed minutes of each source lies in its span, row by row.</summary>
    static async IAsyncEnumerable<(int Source, long T, PackedMinute Packed, int Row)> PackedAsync(
        Snapshot snapshot, List<Source> sources, int minutes, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (sources.Count == 0)
            yield break;
        await using var command = Command(snapshot, """
            SELECT p.i, r.t, r.offsets, r.values, p.a, p.z
            FROM unnest($1, $2, $3, $4) WITH ORDINALITY AS p(entity, schema, a, z, i) CROSS JOIN LATERAL (
                SELECT t, offsets, values FROM history.ticks_packed
                WHERE entity = p.entity AND schema = p.schema AND t > p.a - interval '1 minute' AND t <= p.z ORDER BY t DESC FETCH FIRST $5 ROWS WITH TIES) r
            """, sources);
        command.Parameters.Add(new() { Value = minutes });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var (minute, from, last) = (RangeReader.UnixMs(reader.GetDateTime(1)), RangeReader.UnixMs(reader.GetDateTime(4)), RangeReader.UnixMs(reader.GetDateTime(5)));
            var packed = new PackedMinute(await reader.GetFieldValueAsync<int[]>(2, cancellationToken), await reader.GetFieldValueAsync<double[]>(3, cancellationToken));
            for (var row = 0; row < packed.Offsets.Length; row++)
            {
                if (minute + packed.Offsets[row] >= from && minute + packed.Offsets[row] <= last)
                    yield return ((int)reader.GetInt64(0) - 1, minute + packed.Offsets[row], packed, row);
            }
        }
    }

    /// <summary>$1 to $4: entity, schema and span of each source.</summary>
    static NpgsqlCommand Command(Snapshot snapshot, string sql, List<Source> sources) => new(sql, snapshot.Connection)
    {
        Parameters =
        {
            new() { Value = sources.Select(source => source.Entity.Id).ToArray() },
            new() { Value = sources.Select(source => source.Schema.Schema).ToArray() },
            Seal.Times(sources.Select(source => Math.Max(0, source.Schema.Last - LookBackMs))),
            Seal.Times(sources.Select(source => source.Schema.Last + SeenLagMs)),
        },
    };
}
