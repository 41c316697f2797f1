using Forewarn.History.RollUps;
using Npgsql;
using NpgsqlTypes;

namespace Forewarn.History.Storage;

/// <summary>Rolls up samples: arrays are merged here, which costs a fifth of what unnesting them in PostgreSQL does.</summary>
sealed class TickRoller(Partitions partitions) : IStreamRoller
{
    const NpgsqlDbType Integers = NpgsqlDbType.Array | NpgsqlDbType.Integer, Doubles = NpgsqlDbType.Array | NpgsqlDbType.Double;

    static readonly string ReadRaw = $"SELECT k.t, k.entity, k.schema, k.values {RollJobs.From(Partitions.Ticks)}";

    static readonly string ReadMinutes =
        $"SELECT k.t, k.entity, k.schema, k.counts, k.sums, k.mins, k.maxs {RollJobs.From(Partitions.Ticks + Level.Minute.Suffix)}";

    public StreamTable Table => StreamTable.Ticks;

    public async Task<long> RollMinutesAsync(NpgsqlConnection connection, RollJobs jobs, long keepFrom, CancellationToken cancellationToken)
    {
        var fine = new TickBuckets(Level.TenSeconds);
        var rows = 0L;
        await using (var command = jobs.On(connection, ReadRaw))
        await using (var reader = await command.ExecuteReaderAsync(cancellationToken))
        {
            while (await reader.ReadAsync(cancellationToken))
            {
                fine.Add(reader.GetInt32(1), reader.GetInt32(2), RangeReader.UnixMs(reader.GetDateTime(0)), await reader.GetFieldValueAsync<double[]>(3, cancellationToken));
                rows++;
            }
        }
        await ReplaceAsync(connection, Level.Minute, fine.To(Level.Minute).InOrder(), cancellationToken);
        await ReplaceAsync(connection, Level.TenSeconds, [.. fine.InOrder().Where(pair => pair.Key.T >= keepFrom)], cancellationToken);
        return rows;
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
