using Forewarn.Contracts;
using Npgsql;
using NpgsqlTypes;

namespace Forewarn.History.Storage;

/// <summary>
/// Which messages were stored, per stream, entity and publisher. As a rule a replica knows that of the publishers it serves
/// and only notes what it adds, a row per delivery, which is folded into <c>history.watermarks</c> now and then. It knows it
/// of those that it has claimed: claiming waits until nobody stores, and whoever stores afterwards finds the new claim first.
/// </summary>
sealed class Watermarks(NpgsqlDataSource database, TimeProvider time)
{
    /// <summary>Shared by who stores, alone for who claims, both to the end of the transaction.</summary>
    const int ClaimLock = 0x436C6169;

    /// <summary>Who changes rows of the watermarks; taken after <see cref="ClaimLock"/>.</summary>
    const int FoldLock = 0x466F6C64;

    const string LockShared = "SELECT pg_advisory_xact_lock_shared($1, $2)";
    const string LockAlone = "SELECT pg_advisory_xact_lock($1, $2)";

    /// <summary>A replica that stands still or vanished without a word must not keep the others from storing.</summary>
    const string LetGo = "SELECT set_config('idle_in_transaction_session_timeout', '60s', true)";

    const string ReadClaim = "SELECT claim, forgotten FROM history.claims WHERE stream = $1";

    // As a rule what came of a publisher has no gaps, which is told by counting: making ranges and joining them costs several times as much.
    const string Fold = """
        WITH noted AS (DELETE FROM history.stored WHERE stream = $1 RETURNING seen, watermarks, lows, highs),
        spans AS (
            SELECT r.watermark, min(r.low) AS low, max(r.high) AS high, sum(r.high - r.low + 1) AS messages, max(n.seen) AS seen
            FROM noted n, unnest(n.watermarks, n.lows, n.highs) AS r(watermark, low, high) GROUP BY r.watermark),
        torn AS (
            SELECT r.watermark, range_agg(int8range(r.low, r.high, '[]')) AS applied
            FROM noted n, unnest(n.watermarks, n.lows, n.highs) AS r(watermark, low, high)
            WHERE r.watermark IN (SELECT watermark FROM spans WHERE high - low + 1 > messages) GROUP BY r.watermark)
        UPDATE history.watermarks w
        SET applied = w.applied + coalesce(t.applied, int8multirange(int8range(s.low, s.high, '[]'))), seen = GREATEST(w.seen, s.seen)
        FROM spans s LEFT JOIN torn t USING (watermark) WHERE w.id = s.watermark
        """;

    const string Claim = """
        INSERT INTO history.watermarks AS w (stream, entity, producer, applied, seen, owner, claim)
        SELECT $1, p.entity, p.producer, '{}', $4, $5, $6 FROM unnest($2, $3) AS p(entity, producer)
        ON CONFLICT (stream, entity, producer) DO UPDATE SET seen = excluded.seen, owner = excluded.owner, claim = excluded.claim
        RETURNING id, entity, producer, applied
        """;

    readonly Guid _owner = Guid.NewGuid();
    readonly Dictionary<char, WatermarkMemory> _memories = StreamTable.All.ToDictionary(table => table.Stream, _ => new WatermarkMemory());

    /// <summary>
    /// Tells which messages are new, and keeps other transactions from storing them until the one of <paramref name="connection"/>
    /// ends; other deliveries of this replica, until the result is disposed of.
    /// </summary>
    /// <param name="connection">In a transaction that has not called this yet.</param>
    /// <param name="stream">Publishers count per stream.</param>
    /// <param name="messages">With the numbers of their entities.</param>
    /// <param name="claim">Whether to claim the publishers. Without, the answer is null when one of them must be claimed first.</param>
    public async Task<Admission?> AdmitAsync(
        NpgsqlConnection connection, char stream, IReadOnlyList<(int Entity, EntityMessage Message)> messages, bool claim, CancellationToken cancellationToken)
    {
        var admission = new Admission(_memories[stream], stream, messages.Count, time.GetUtcNow());
        try
        {
            if (claim)
                await ClaimAsync(connection, stream, messages, admission, cancellationToken);
            else
                await CatchUpAsync(connection, stream, LockShared, cancellationToken);
            while (true)
            {
                var (known, other) = admission.Reserve(messages);
                if (other is null)
                    return known ? admission : null;
                await other.Ended.WaitAsync(cancellationToken);
            }
        }
        catch
        {
            admission.Dispose();
            throw;
        }
    }

    /// <summary>Folds what was noted into the watermarks.</summary>
    public async Task FoldAsync(CancellationToken cancellationToken)
    {
        foreach (var stream in _memories.Keys)
        {
            await using var connection = await database.OpenConnectionAsync(cancellationToken);
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            await ExecuteAsync(connection, cancellationToken, Lock(FoldLock, stream), With(Fold, Seal.Stream(stream)));
            await transaction.CommitAsync(cancellationToken);
        }
    }

    /// <summary>Forgets publishers that fell silent, and closes gaps of those that came with more than <paramref name="mostRanges"/>.</summary>
    /// <param name="before">When a forgotten one was seen last.</param>
    /// <param name="mostRanges">What is missing behind so many was lost for good.</param>
    public async Task TidyAsync(DateTimeOffset before, int mostRanges, CancellationToken cancellationToken)
    {
        foreach (var stream in _memories.Keys)
        {
            await using var connection = await database.OpenConnectionAsync(cancellationToken);
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            // Who stores must not note anything of a publisher that is being forgotten: that takes a claim again, by everyone.
            await ExecuteAsync(
                connection, cancellationToken, Lock(ClaimLock, stream), Lock(FoldLock, stream), With(Fold, Seal.Stream(stream)),
                With("""
                    WITH gone AS (DELETE FROM history.watermarks WHERE stream = $1 AND seen < $2 RETURNING 1)
                    UPDATE history.claims SET claim = claim + 1, forgotten = claim + 1 WHERE stream = $1 AND EXISTS (SELECT FROM gone)
                    """, Seal.Stream(stream), Time(before)),
                With("""
                    UPDATE history.watermarks SET applied = int8multirange(range_merge(applied))
                    WHERE stream = $1 AND (SELECT count(*) FROM unnest(applied)) > $2
                    """, Seal.Stream(stream), new NpgsqlParameter { Value = mostRanges }));
            await transaction.CommitAsync(cancellationToken);
        }
    }

    /// <summary>Waits until nobody stores, makes this replica the one that knows the publishers, and learns what they have stored.</summary>
    async Task ClaimAsync(
        NpgsqlConnection connection, char stream, IReadOnlyList<(int Entity, EntityMessage Message)> messages, Admission admission, CancellationToken cancellationToken)
    {
        var memory = _memories[stream];
        var newest = await CatchUpAsync(connection, stream, LockAlone, cancellationToken);
        await ExecuteAsync(
            connection, cancellationToken, Lock(FoldLock, stream), With(Fold, Seal.Stream(stream)),
            With("UPDATE history.claims SET claim = $2 WHERE stream = $1", Seal.Stream(stream), new NpgsqlParameter { Value = newest + 1 }));

        var publishers = messages.Select(m => (m.Entity, m.Message.Producer)).Distinct().ToList();
        // What is known of them will be outdated at the commit, which others may see before this replica does.
        memory.Lose(publishers, newest);
        var claimed = new Dictionary<(int, string), Publisher>(publishers.Count);
        await using var command = new NpgsqlCommand(Claim, connection)
        {
            Parameters =
            {
                Seal.Stream(stream), new() { Value = publishers.ConvertAll(p => p.Entity).ToArray() }, new() { Value = publishers.ConvertAll(p => p.Producer).ToArray() },
                Time(time.GetUtcNow()), new() { Value = _owner }, new() { Value = newest + 1 },
            },
        };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var publisher = new Publisher(reader.GetInt32(1), reader.GetString(2), reader.GetInt64(0));
            // PostgreSQL gives discrete ranges as [lower, upper).
            foreach (var range in await reader.GetFieldValueAsync<NpgsqlRange<long>[]>(3, cancellationToken))
                publisher.Applied.Add(range.LowerBound, range.UpperBound - 1);
            claimed.Add(publisher.Key, publisher);
        }
        admission.Rest(claimed, newest + 1);
    }

    /// <summary>Takes the lock of claims and learns of those that came since the last time.</summary>
    /// <returns>The newest claim.</returns>
    async Task<long> CatchUpAsync(NpgsqlConnection connection, char stream, string take, CancellationToken cancellationToken)
    {
        var memory = _memories[stream];
        var (newest, forgotten) = await LockAsync(connection, stream, take, cancellationToken);
        var known = memory.Known;
        if (newest == known)
            return newest;
        // An older claim than before: the database was restored from a copy.
        if (memory.IsEmpty || newest < known || forgotten > known)
        {
            memory.LoseAll(newest);
            return newest;
        }
        var lost = new List<(int, string)>();
        await using var command = new NpgsqlCommand("SELECT entity, producer FROM history.watermarks WHERE stream = $1 AND claim > $2 AND owner <> $3", connection)
        {
            Parameters = { Seal.Stream(stream), new() { Value = known }, new() { Value = _owner } },
        };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            lost.Add((reader.GetInt32(0), reader.GetString(1)));
        memory.Lose(lost, newest);
        return newest;
    }

    static async Task<(long Newest, long Forgotten)> LockAsync(NpgsqlConnection connection, char stream, string take, CancellationToken cancellationToken)
    {
        // Statements of their own: the last one's snapshot must be younger than the lock.
        await using var batch = new NpgsqlBatch(connection) { BatchCommands = { With(LetGo), With(take, Key(ClaimLock), Key(stream)), With(ReadClaim, Seal.Stream(stream)) } };
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return (reader.GetInt64(0), reader.GetInt64(1));
    }

    static NpgsqlBatchCommand Lock(int key, char stream) => With(LockAlone, Key(key), Key(stream));

    static NpgsqlBatchCommand With(string sql, params ReadOnlySpan<NpgsqlParameter> parameters)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var parameter in parameters)
            command.Parameters.Add(parameter);
        return command;
    }

    static NpgsqlParameter Key(int key) => new() { Value = key };

    static NpgsqlParameter Time(DateTimeOffset time) => new() { Value = time.UtcDateTime, NpgsqlDbType = NpgsqlDbType.TimestampTz };

    static async Task ExecuteAsync(NpgsqlConnection connection, CancellationToken cancellationToken, params NpgsqlBatchCommand[] commands)
    {
        await using var batch = new NpgsqlBatch(connection);
        foreach (var command in commands)
            batch.BatchCommands.Add(command);
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }
}
