using Forewarn.Contracts;
using Npgsql;
using NpgsqlTypes;

namespace Forewarn.History.Storage;

/// <summary>Which messages were stored, per stream, entity and publisher.</summary>
static class Watermarks
{
    // Rows are locked in one order by every replica, so two that hold the same entities during a rebalance wait for each
    // other and never deadlock; the second then reads what the first committed. before = what of these messages had been
    // applied already, which is nothing as a rule: then the publisher's row is not even sent back.
    const string AdvanceHead = """
        WITH moved AS (
            INSERT INTO history.watermarks AS w (stream, entity, producer, applied, seen)
        """;

    const string AdvanceTail = """
            ORDER BY m.entity, m.producer
            ON CONFLICT (stream, entity, producer) DO UPDATE
            SET before = w.applied * excluded.applied, applied = w.applied + excluded.applied, seen = excluded.seen
            RETURNING entity, producer, before)
        SELECT entity, producer, before FROM moved WHERE NOT isempty(before)
        """;

    /// <summary>For one run per publisher and entity, as publishers count: gathering would cost half as much again.</summary>
    const string Advance = $"""
        {AdvanceHead}
            SELECT $1, m.entity, m.producer, int8multirange(int8range(m.low, m.high, '[]')), $6
            FROM unnest($2, $3, $4, $5) AS m(entity, producer, low, high)
        {AdvanceTail}
        """;

    /// <summary>For several of them, when something is missing in between.</summary>
    const string AdvanceGathered = $"""
        {AdvanceHead}
            SELECT $1, m.entity, m.producer, range_agg(int8range(m.low, m.high, '[]')), $6
            FROM unnest($2, $3, $4, $5) AS m(entity, producer, low, high)
            GROUP BY m.entity, m.producer
        {AdvanceTail}
        """;

    /// <summary>
    /// Marks these messages as stored within the transaction of <paramref name="connection"/>, and tells for each whether
    /// it is new. Until the transaction ends no other one can mark messages of the same publishers and entities.
    /// </summary>
    public static async Task<bool[]> AdvanceAsync(
        NpgsqlConnection connection, char stream, IReadOnlyList<(int Entity, EntityMessage Message)> messages, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var (runs, gather) = Runs(messages);
        await using var command = new NpgsqlCommand(gather ? AdvanceGathered : Advance, connection);
        command.Parameters.Add(new() { Value = stream, NpgsqlDbType = NpgsqlDbType.InternalChar });
        command.Parameters.Add(new() { Value = runs.ConvertAll(run => run.Entity).ToArray() });
        command.Parameters.Add(new() { Value = runs.ConvertAll(run => run.Producer).ToArray() });
        command.Parameters.Add(new() { Value = runs.ConvertAll(run => run.Low).ToArray() });
        command.Parameters.Add(new() { Value = runs.ConvertAll(run => run.High).ToArray() });
        command.Parameters.Add(new() { Value = now.UtcDateTime, NpgsqlDbType = NpgsqlDbType.TimestampTz });

        var before = new Dictionary<(int, string), NpgsqlRange<long>[]>();
        await using (var reader = await command.ExecuteReaderAsync(cancellationToken))
        {
            while (await reader.ReadAsync(cancellationToken))
                before[(reader.GetInt32(0), reader.GetString(1))] = await reader.GetFieldValueAsync<NpgsqlRange<long>[]>(2, cancellationToken);
        }

        var inThisDelivery = new HashSet<(int, string, long)>(messages.Count);
        return [.. messages.Select(m =>
            inThisDelivery.Add((m.Entity, m.Message.Producer, m.Message.Seq))
            && !(before.TryGetValue((m.Entity, m.Message.Producer), out var applied) && Contains(applied, m.Message.Seq)))];
    }

    /// <summary>The sequence numbers as runs without holes, and whether a publisher has several of them for one entity.</summary>
    static (List<(int Entity, string Producer, long Low, long High)> Runs, bool Several) Runs(IReadOnlyList<(int Entity, EntityMessage Message)> messages)
    {
        var runs = new List<(int Entity, string Producer, long Low, long High)>(messages.Count);
        var newest = new Dictionary<(int, string), int>(messages.Count);
        var several = false;
        foreach (var (entity, message) in messages)
        {
            var (key, seq) = ((entity, message.Producer), message.Seq);
            if (newest.TryGetValue(key, out var at))
            {
                var run = runs[at];
                if (seq >= run.Low - 1 && seq <= run.High + 1)
                {
                    runs[at] = run with { Low = Math.Min(run.Low, seq), High = Math.Max(run.High, seq) };
                    continue;
                }
                several = true;
            }
            newest[key] = runs.Count;
            runs.Add((entity, message.Producer, seq, seq));
        }
        return (runs, several);
    }

    /// <summary>PostgreSQL gives discrete ranges as [lower, upper).</summary>
    static bool Contains(NpgsqlRange<long>[] ranges, long seq) =>
        Array.Exists(ranges, range => range.LowerBound <= seq && seq < range.UpperBound);
}
