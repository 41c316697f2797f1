using Forewarn.History.RollUps;
using Npgsql;
using NpgsqlTypes;

namespace Forewarn.History.Storage;

/// <summary>
/// Rolls up samples: arrays are merged here, which costs a fifth of what unnesting them in PostgreSQL does. Where minutes are
/// packed, it packs what it reads, in the same transaction.
/// </summary>
sealed class TickRoller(Partitions partitions) : IStreamRoller
{
    const NpgsqlDbType Integers = NpgsqlDbType.Array | NpgsqlDbType.Integer, Doubles = NpgsqlDbType.Array | NpgsqlDbType.Double;

    /// <summary>Rows where nothing is packed.</summary>
    static readonly string ReadRaw = $"SELECT k.t, k.entity, k.schema, k.values, NULL::integer[], NULL, NULL {RollJobs.From(Partitions.Ticks)}";

    /// <summary>Rows and packed rows of the three tables, with the place of those that are replaced: what is packed already, and rows that came late.</summary>
    static readonly string ReadParts = $"""
        SELECT k.* FROM unnest($1, $2, $3) AS j(entity, a, b) CROSS JOIN LATERAL (
            SELECT t, entity, schema, values, offsets, tableoid::regclass::text, ctid::text FROM history.ticks_packed WHERE {InSpan}
            UNION ALL
            SELECT t, entity, schema, values, NULL, tableoid::regclass::text, ctid::text FROM history.ticks WHERE {InSpan}
            UNION ALL
            SELECT t, entity, schema, values, NULL, NULL, NULL FROM history.ticks_recent WHERE {InSpan} AND {TickReader.IsRecent} OFFSET 0) k
        """;

    const string InSpan = "entity = j.entity AND t >= j.a AND t < j.b AND t >= $4 AND t < $5";

    static readonly string ReadMinutes =
        $"SELECT k.t, k.entity, k.schema, k.counts, k.sums, k.mins, k.maxs {RollJobs.From(Partitions.Ticks + Level.Minute.Suffix)}";

    public StreamTable Table => StreamTable.Ticks;

    public async Task<RollCount> RollMinutesAsync(NpgsqlConnection connection, RollJobs jobs, long keepFrom, CancellationToken cancellationToken)
    {
        var fine = new TickBuckets(Level.TenSeconds);
        using var packer = partitions.PacksMinutes ? new MinutePacker() : null;
        var count = default(RollCount);
        await using (var command = jobs.On(connection, packer is null ? ReadRaw : ReadParts))
        await using (var reader = await command.ExecuteReaderAsync(cancellationToken))
        {
            while (await reader.ReadAsync(cancellationToken))
            {
                var (t, entity, schema) = (RangeReader.UnixMs(reader.GetDateTime(0)), reader.GetInt32(1), reader.GetInt32(2));
                var values = await reader.GetFieldValueAsync<double[]>(3, cancellationToken);
                if (await reader.IsDBNullAsync(4, cancellationToken))
                {
                    Add(t, values);
                }
                else
                {
                    var packed = new PackedMinute(await reader.GetFieldValueAsync<int[]>(4, cancellationToken), values);
                    for (var row = 0; row < packed.Offsets.Length; row++)
                        Add(t + packed.Offsets[row], packed.Row(row));
                }
                if (!await reader.IsDBNullAsync(5, cancellationToken))
                    packer?.Replace(reader.GetString(5), reader.GetString(6));

                void Add(long at, double[] row)
                {
                    fine.Add(entity, schema, at, row);
                    packer?.Add(entity, schema, at, row);
                    count = new RollCount(count.Rows + 1, count.Values + row.Length);
                }
            }
        }
        if (packer is not null)
            await packer.WriteAsync(connection, partitions, cancellationToken);
        await ReplaceAsync(connection, Level.Minute, fine.To(Level.Minute).InOrder(), cancellationToken);
        await ReplaceAsync(connection, Level.TenSeconds, [.. fine.InOrder().Where(pair => pair.Key.T >= keepFrom)], cancellationToken);
        return count;
    }

    public async Task RollHoursAsync(NpgsqlConnection connection, RollJobs jobs, bool settle, CancellationToken cancellationToken)
    {
        var minutes = new TickBuckets(Level.Minute);
        await using (var command = jobs.On(connection, ReadMinutes))
        await using (var reader = await command.ExecuteReaderAsync(cancellationToken))
        {
            while (await reader.ReadAsync(cancellationToken))
            {
                minutes.Add(reader.GetInt32(1), reader.GetInt32(2), RangeReader.UnixMs(reader.GetDateTime(0)), new TickBucket(
                    await reader.GetFieldValueAsync<int[]>(3, cancellationToken), await reader.GetFieldValueAsync<double[]>(4, cancellationToken),
                    await reader.GetFieldValueAsync<double[]>(5, cancellationToken), await reader.GetFieldValueAsync<double[]>(6, cancellationToken)));
            }
        }
        if (settle)
            await ReplaceAsync(connection, Level.Minute, minutes.InOrder(), cancellationToken);
        await ReplaceAsync(connection, Level.Hour, minutes.To(Level.Hour).InOrder(), cancellationToken);
    }

    async Task ReplaceAsync(NpgsqlConnection connection, Level level, List<KeyValuePair<TickKey, TickBucket>> buckets, CancellationToken cancellationToken)
    {
        if (buckets.Count == 0)
            return;
        var table = Partitions.Ticks + level.Suffix;
        await partitions.EnsureAsync(table, buckets.Select(pair => Partitions.DayOf(pair.Key.T)).Distinct(), cancellationToken);
        await using (var delete = new NpgsqlCommand($"""
            DELETE FROM history.{table} k USING unnest($1, $2, $3) AS d(entity, t, schema)
            WHERE k.entity = d.entity AND k.t = d.t AND k.schema = d.schema AND k.t >= $4 AND k.t <= $5
            """, connection))
        {
            delete.Parameters.Add(new() { Value = buckets.Select(pair => pair.Key.Entity).ToArray() });
            delete.Parameters.Add(Seal.Times(buckets.Select(pair => pair.Key.T)));
            delete.Parameters.Add(new() { Value = buckets.Select(pair => pair.Key.Schema).ToArray() });
            delete.Parameters.Add(RangeReader.Time(buckets.Min(pair => pair.Key.T)));
            delete.Parameters.Add(RangeReader.Time(buckets.Max(pair => pair.Key.T)));
            await delete.ExecuteNonQueryAsync(cancellationToken);
        }
        await using var copy = await connection.BeginBinaryImportAsync(
            $"COPY history.{table} (t, entity, schema, counts, sums, mins, maxs) FROM STDIN (FORMAT BINARY)", cancellationToken);
        foreach (var (key, bucket) in buckets)
        {
            await copy.StartRowAsync(cancellationToken);
            await copy.WriteAsync(DateTimeOffset.FromUnixTimeMilliseconds(key.T).UtcDateTime, NpgsqlDbType.TimestampTz, cancellationToken);
            await copy.WriteAsync(key.Entity, NpgsqlDbType.Integer, cancellationToken);
            await copy.WriteAsync(key.Schema, NpgsqlDbType.Integer, cancellationToken);
            await copy.WriteAsync(bucket.Counts, Integers, cancellationToken);
            await copy.WriteAsync(bucket.Sums, Doubles, cancellationToken);
            await copy.WriteAsync(bucket.Mins, Doubles, cancellationToken);
            await copy.WriteAsync(bucket.Maxs, Doubles, cancellationToken);
        }
        await copy.CompleteAsync(cancellationToken);
    }
}
