using Npgsql;

namespace Forewarn.History.Storage;

/// <summary>How far the roll-ups of a stream reach, for who moves it; unix milliseconds.</summary>
sealed record RollState(long Since, long RolledHours, long Rolled, long Sealed, long KeptRaw, long KeptTenSeconds)
{
    /// <summary>Reads it when no other replica rolls up this stream any more, and keeps others away until the transaction ends; null when nothing was ever sealed.</summary>
    public static async Task<RollState?> LockAsync(NpgsqlConnection connection, int key, char stream, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(new NpgsqlBatchCommand("SELECT pg_advisory_xact_lock($1, $2)") { Parameters = { new() { Value = key }, new() { Value = (int)stream } } });
        batch.BatchCommands.Add(new NpgsqlBatchCommand("SELECT set_config('history.packs', 'on', true)"));
        batch.BatchCommands.Add(new NpgsqlBatchCommand("SELECT since, rolled_hours, rolled, sealed, kept_raw, kept_10s FROM history.roll_ups WHERE stream = $1")
        {
            Parameters = { Seal.Stream(stream) },
        });
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken))
            return null;
        return new RollState(At(0), At(1), At(2), At(3), At(4), At(5));

        long At(int column) => RangeReader.UnixMs(reader.GetDateTime(column));
    }

    public static async Task SaveAsync(
        NpgsqlConnection connection, char stream, long since, long rolledHours, long rolled, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("UPDATE history.roll_ups SET since = $2, rolled_hours = $3, rolled = $4 WHERE stream = $1", connection)
        {
            Parameters = { Seal.Stream(stream), RangeReader.Time(since), RangeReader.Time(rolledHours), RangeReader.Time(rolled) },
        };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
