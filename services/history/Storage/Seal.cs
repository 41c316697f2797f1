using Npgsql;
using NpgsqlTypes;

namespace Forewarn.History.Storage;

/// <summary>
/// The time before which minutes are being rolled up, and the marks of those that get rows nevertheless. Who stores holds the
/// seal where it is until the commit; who moves it waits for them. So every row either was committed before its minute was
/// sealed, and is found when that is rolled up, or comes with a mark.
/// </summary>
static class Seal
{
    /// <summary>Shared by who stores.</summary>
    public const int Lock = 0x5365616C;

    /// <summary>Keeps the seal in place until the transaction ends; gives it in unix milliseconds, 0 when nothing is sealed.</summary>
    public static async Task<long> HoldAsync(NpgsqlConnection connection, char stream, CancellationToken cancellationToken)
    {
        // Two statements: the second one's snapshot must be younger than the lock.
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(new NpgsqlBatchCommand("SELECT pg_advisory_xact_lock_shared($1, $2)") { Parameters = { new() { Value = Lock }, new() { Value = (int)stream } } });
        batch.BatchCommands.Add(new NpgsqlBatchCommand("SELECT sealed FROM history.roll_ups WHERE stream = $1") { Parameters = { Stream(stream) } });
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? RangeReader.UnixMs(reader.GetDateTime(0)) : 0;
    }

    /// <summary>Marks minutes of the transaction's rows as to be rolled up again.</summary>
    public static async Task MarkAsync(
        NpgsqlConnection connection, char stream, IReadOnlyCollection<(int Entity, long Minute)> late, CancellationToken cancellationToken)
    {
        if (late.Count == 0)
            return;
        await using var command = new NpgsqlCommand(
            "INSERT INTO history.late (stream, entity, minute) SELECT $1, * FROM unnest($2, $3)", connection)
        {
            Parameters = { Stream(stream), new() { Value = late.Select(mark => mark.Entity).ToArray() }, Times(late.Select(mark => mark.Minute)) },
        };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Moves the seal, when all are done that hold it; the first time, nothing is rolled up from <paramref name="since"/> on.</summary>
    public static async Task MoveAsync(NpgsqlDataSource database, char stream, long since, long to, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(new NpgsqlBatchCommand("SELECT pg_advisory_xact_lock($1, $2)") { Parameters = { new() { Value = Lock }, new() { Value = (int)stream } } });
        batch.BatchCommands.Add(new NpgsqlBatchCommand("""
            INSERT INTO history.roll_ups AS r (stream, since, rolled_hours, rolled, sealed) VALUES ($1, $2, $2, $2, $3)
            ON CONFLICT (stream) DO UPDATE SET sealed = GREATEST(r.sealed, excluded.sealed)
            """)
        {
            Parameters = { Stream(stream), RangeReader.Time(since), RangeReader.Time(to) },
        });
        await batch.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    public static NpgsqlParameter Stream(char stream) => new() { Value = stream, NpgsqlDbType = NpgsqlDbType.InternalChar };

    public static NpgsqlParameter Times(IEnumerable<long> times) => new()
    {
        Value = times.Select(t => DateTimeOffset.FromUnixTimeMilliseconds(t).UtcDateTime).ToArray(),
        NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.TimestampTz,
    };
}
