using Forewarn.Contracts;
using Npgsql;
using NpgsqlTypes;

namespace Forewarn.History.Storage;

/// <summary>Which messages were stored, per stream, entity and publisher.</summary>
static class Watermarks
{
    // Rows are locked in one order by every replica, so two that hold the same entities during a rebalance wait for each
    // other and never deadlock; the second then reads what the first committed.
    const string Advance = """
        INSERT INTO history.watermarks AS w (stream, entity, producer, applied, seen)
        SELECT $1, m.entity, m.producer, range_agg(int8range(m.seq, m.seq, '[]')), $5
        FROM unnest($2, $3, $4) AS m(entity, producer, seq)
        GROUP BY m.entity, m.producer
        ORDER BY m.entity, m.producer
        ON CONFLICT (stream, entity, producer) DO UPDATE SET before = w.applied, applied = w.applied + excluded.applied, seen = excluded.seen
        RETURNING entity, producer, before
        """;

    /// <summary>
    /// Marks these messages as stored within the transaction of <paramref name="connection"/>, and tells for each whether
    /// it is new. Until the transaction ends no other one can mark messages of the same publishers and entities.
    /// </summary>
    public static async Task<bool[]> AdvanceAsync(
        NpgsqlConnection connection, char stream, IReadOnlyList<(int Entity, EntityMessage Message)> messages, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Advance, connection);
        command.Parameters.Add(new() { Value = stream, NpgsqlDbType = NpgsqlDbType.InternalChar });
        command.Parameters.Add(new() { Value = messages.Select(m => m.Entity).ToArray() });
        command.Parameters.Add(new() { Value = messages.Select(m => m.Message.Producer).ToArray() });
        command.Parameters.Add(new() { Value = messages.Select(m => m.Message.Seq).ToArray() });
        command.Parameters.Add(new() { Value = now.UtcDateTime, NpgsqlDbType = NpgsqlDbType.TimestampTz });

        var before = new Dictionary<(int, string), NpgsqlRange<long>[]>(messages.Count);
        await using (var reader = await command.ExecuteReaderAsync(cancellationToken))
        {
            while (await reader.ReadAsync(cancellationToken))
                before[(reader.GetInt32(0), reader.GetString(1))] = await reader.GetFieldValueAsync<NpgsqlRange<long>[]>(2, cancellationToken);
        }

        var inThisDelivery = new HashSet<(int, string, long)>(messages.Count);
        return [.. messages.Select(m =>
            inThisDelivery.Add((m.Entity, m.Message.Producer, m.Message.Seq))
            && !Contains(before[(m.Entity, m.Message.Producer)], m.Message.Seq))];
    }

    /// <summary>PostgreSQL gives discrete ranges as [lower, upper).</summary>
    static bool Contains(NpgsqlRange<long>[] ranges, long seq) =>
        Array.Exists(ranges, range => range.LowerBound <= seq && seq < range.UpperBound);
}
