using Forewarn.History.RollUps;
using Npgsql;

namespace Forewarn.History.Storage;

/// <summary>
/// TimescaleDB's chunks, a day long and those of hours thirty days. It compresses them by its own policy; what is too old is
/// dropped by us and not by a policy, so that it is noted before it is done, by the one clock and setting of both modes, and
/// in the Apache edition too.
/// </summary>
/// <param name="schema">Where the extension's functions are, quoted.</param>
sealed class Hypertables(NpgsqlDataSource database, string schema) : IPartitioning
{
    const int DaysInDaily = 1, DaysInMonthly = 30;

    /// <summary>Makes hypertables of the tables and sets their compression; what is so already stays.</summary>
    public static async Task<Hypertables> SetUpAsync(
        NpgsqlDataSource database, NpgsqlConnection connection, HistoryOptions options, bool compressed, CancellationToken cancellationToken)
    {
        await using var ask = new NpgsqlCommand("SELECT extnamespace::regnamespace::text FROM pg_extension WHERE extname = 'timescaledb'", connection);
        var schema = (string)(await ask.ExecuteScalarAsync(cancellationToken))!;
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await UseAsync(connection, schema, cancellationToken);
        foreach (var (name, segments, days) in Tables(options))
        {
            await ExecuteAsync(connection, Sql.CreateHypertable, [$"history.{name}", Partitions.IsMonthly(name) ? DaysInMonthly : DaysInDaily], cancellationToken);
            if (!compressed)
                continue;
            await EnableCompressionAsync(connection, name, segments, cancellationToken);
            await SetPolicyAsync(connection, name, CompressAfter(options, days), cancellationToken);
        }
        await transaction.CommitAsync(cancellationToken);
        return new Hypertables(database, schema);
    }

    /// <summary>Once: it makes everyone wait who uses the table.</summary>
    static async Task EnableCompressionAsync(NpgsqlConnection connection, string table, string segments, CancellationToken cancellationToken)
    {
        await using var ask = new NpgsqlCommand(Sql.IsCompressed, connection) { Parameters = { new() { Value = table } } };
        if (await ask.ExecuteScalarAsync(cancellationToken) is not true)
            await ExecuteAsync(connection, Sql.EnableCompression(table, segments), [], cancellationToken);
    }

    /// <summary>After how many days rows that are kept for some are compressed: what is kept for a short time would be dropped first.</summary>
    public static int CompressAfter(HistoryOptions options, int days) => Math.Max(1, Math.Min(options.CompressAfterDays, days / 2));

    static IEnumerable<(string Name, string Segments, int Days)> Tables(HistoryOptions options) => StreamTable.All
        .SelectMany(table => Level.All.Zip(options.DaysPerLevel, (level, days) => (table.Name + level.Suffix, table.Segments, days)))
        .Append((Partitions.Outlooks, "entity, cadence_ms", options.MinuteDays));

    /// <summary>Has a table compressed after some days, whatever was set before.</summary>
    static async Task SetPolicyAsync(NpgsqlConnection connection, string table, int days, CancellationToken cancellationToken)
    {
        await ExecuteAsync(connection, Sql.RemoveOtherPolicy, [table, days], cancellationToken);
        await ExecuteAsync(connection, Sql.AddPolicy, [$"history.{table}", days], cancellationToken);
    }

    /// <summary>An insert makes the chunk it needs.</summary>
    public Task EnsureAsync(string table, IEnumerable<DateOnly> days, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>TimescaleDB compresses chunks itself.</summary>
    public bool PacksMinutes => false;

    public Task<RecentSpan> EnsureRecentAsync(string table, DateTimeOffset now, CancellationToken cancellationToken) => Task.FromResult(default(RecentSpan));

    public void Forget()
    {
    }

    public async Task<IReadOnlyList<Partition>> ListAsync(string table, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(Sql.Chunks);
        command.Parameters.Add(new() { Value = table });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var chunks = new List<Partition>();
        while (await reader.ReadAsync(cancellationToken))
            chunks.Add(new Partition(reader.GetString(0), RangeReader.UnixMs(reader.GetDateTime(1)), RangeReader.UnixMs(reader.GetDateTime(2))));
        return chunks;
    }

    public async Task<long> KeptFromAsync(string table, DateOnly oldest, CancellationToken cancellationToken)
    {
        var from = Partitions.BeginOf(oldest);
        foreach (var chunk in await ListAsync(table, cancellationToken))
        {
            if (chunk.From <= from && chunk.To > from)
                return chunk.From;
        }
        return from;
    }

    public async Task<IReadOnlyList<string>> DropBeforeAsync(string table, DateOnly oldest, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await UseAsync(connection, schema, cancellationToken);
        // Dropping waits for everyone who uses the table and makes others wait meanwhile: give up early, come again later.
        await ExecuteAsync(connection, "SET LOCAL lock_timeout = '2s'", [], cancellationToken);
        var dropped = new List<string>();
        await using (var command = new NpgsqlCommand(Sql.DropChunks, connection))
        {
            command.Parameters.Add(new() { Value = $"history.{table}" });
            command.Parameters.Add(RangeReader.Time(Partitions.BeginOf(oldest)));
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
                dropped.Add(reader.GetString(0));
        }
        await transaction.CommitAsync(cancellationToken);
        return dropped;
    }

    public Task<IReadOnlyList<string>> DropRecentAsync(string table, long before, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<string>>([]);

    /// <summary>Late rows may lie in compressed chunks, of which only 100,000 rows may be unpacked in a transaction as a rule.</summary>
    public Task BeforeRewriteAsync(NpgsqlConnection connection, CancellationToken cancellationToken) =>
        ExecuteAsync(connection, "SET LOCAL timescaledb.max_tuples_decompressed_per_dml_transaction = 0", [], cancellationToken);

    /// <summary>Lets the transaction find the extension's functions by their names.</summary>
    static Task UseAsync(NpgsqlConnection connection, string schema, CancellationToken cancellationToken) =>
        ExecuteAsync(connection, $"SET LOCAL search_path = {schema}", [], cancellationToken);

    static async Task ExecuteAsync(NpgsqlConnection connection, string sql, object[] values, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values)
            command.Parameters.Add(new() { Value = value });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
