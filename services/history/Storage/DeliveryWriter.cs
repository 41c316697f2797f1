using Forewarn.Contracts;
using Forewarn.History.RollUps;
using Npgsql;

namespace Forewarn.History.Storage;

/// <summary>
/// Stores deliveries of a topic, each message exactly once whatever is delivered again, in whatever order, to however many
/// replicas: watermarks, rows and the marks of minutes that must be rolled up again are written in one transaction.
/// </summary>
sealed class DeliveryWriter(
    NpgsqlDataSource database, EntityCatalog entities, Partitions partitions, Watermarks watermarks, Presence presence,
    HistoryOptions options, StorageState state, Telemetry telemetry, TimeProvider time)
{
    /// <summary>Stores the messages that were not stored yet; returns after the commit.</summary>
    /// <exception cref="NpgsqlException">Nothing of this call was stored.</exception>
    public async Task<StoredCount> StoreAsync(StreamTable table, IReadOnlyList<StreamEntry> entries, CancellationToken cancellationToken)
    {
        if (entries.Count == 0)
            return default;
        state.EnsureMigrated();
        var started = time.GetTimestamp();
        try
        {
            var oldest = time.GetUtcNow().AddDays(-options.RetentionDays).ToUnixTimeMilliseconds();
            await entities.EnsureAsync(entries.Select(entry => entry.Message.Entity), cancellationToken);
            await partitions.EnsureAsync(table.Name, Days(entries, oldest), cancellationToken);
            var recent = await partitions.EnsureRecentAsync(table, time.GetUtcNow(), cancellationToken);
            var delivery = new Delivery(table, entries, [.. entries.Select(entry => (entities[entry.Message.Entity], entry.Message))], oldest, recent);
            var count = await StoreInOneTransactionAsync(delivery, claim: false, cancellationToken)
                ?? await StoreInOneTransactionAsync(delivery, claim: true, cancellationToken)
                ?? throw new InvalidOperationException("A publisher is unknown that was just claimed.");
            telemetry.Stored(table.Name, count, time.GetElapsedTime(started));
            state.Answers();
            return count;
        }
        catch (NpgsqlException error)
        {
            if (error.SqlState == PostgresErrorCodes.CheckViolation)
                partitions.Forget();
            state.Failed(error);
            throw;
        }
    }

    /// <returns>Null when a publisher must be claimed first.</returns>
    async Task<StoredCount?> StoreInOneTransactionAsync(Delivery delivery, bool claim, CancellationToken cancellationToken)
    {
        var (table, entries, messages, oldest, recent) = delivery;
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var seal = await Seal.HoldAsync(connection, table.Stream, cancellationToken);
        using var admission = await watermarks.AdmitAsync(connection, table.Stream, messages, claim, cancellationToken);
        if (admission is null)
            return null;
        // With the numbers of their entities, which are looked up once: there are hundreds of messages in a delivery.
        var news = entries.Select((entry, i) => (Entry: entry, messages[i].Entity)).Where((_, i) => admission.Fresh[i]).ToList();
        if (news.Count == 0)
            return new StoredCount(0, 0, 0, entries.Count);

        await admission.NoteAsync(connection, cancellationToken);
        var moved = await presence.TouchAsync(connection, Seen(news, oldest), cancellationToken);
        var late = Late(news, oldest, seal);
        await Seal.MarkAsync(connection, table.Stream, late, cancellationToken);
        var count = new StoredCount(0, 0, 0, entries.Count - news.Count);
        using var rows = new DeliveryRows(oldest, recent.After(seal), news.Sum(one => one.Entry.Size));
        foreach (var (entry, entity) in news)
            count += entry.Write(rows, entity);
        await rows.CopyAsync(connection, table, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        admission.Committed();
        presence.Committed(moved);
        telemetry.Late(table.Name, late.Count);
        return count;
    }

    static HashSet<DateOnly> Days(IReadOnlyList<StreamEntry> entries, long oldest)
    {
        var days = new HashSet<DateOnly>();
        foreach (var entry in entries)
        {
            var (first, last) = entry.SpanSince(oldest);
            if (first > last)
                continue;
            var day = Partitions.DayOf(first);
            days.Add(day);
            if (last >= Partitions.BeginOf(day.AddDays(1)))
                days.UnionWith(Enumerable.Range(0, entry.Rows).Select(entry.TimeOf).Where(t => t >= oldest).Select(Partitions.DayOf));
        }
        return days;
    }

    static HashSet<(int Entity, long Minute)> Late(List<(StreamEntry Entry, int Entity)> entries, long oldest, long seal)
    {
        var late = new HashSet<(int, long)>();
        foreach (var (entry, entity) in entries.Where(one => one.Entry.Span.First < seal))
        {
            for (var row = 0; row < entry.Rows; row++)
            {
                if (entry.TimeOf(row) is var t && t < seal && t >= oldest)
                    late.Add((entity, Level.Minute.Floor(t)));
            }
        }
        return late;
    }

    static Dictionary<(int Entity, int Schema), (long First, long Last)> Seen(List<(StreamEntry Entry, int Entity)> entries, long oldest)
    {
        var seen = new Dictionary<(int, int), (long First, long Last)>(entries.Count);
        foreach (var (entry, entity) in entries.Where(one => one.Entry.Schema != 0))
        {
            var (first, last) = entry.SpanSince(oldest);
            if (first > last)
                continue;
            var key = (entity, entry.Schema);
            seen[key] = seen.TryGetValue(key, out var span) ? (Math.Min(span.First, first), Math.Max(span.Last, last)) : (first, last);
        }
        return seen;
    }

    /// <param name="Oldest">Rows from before this are too old to be stored.</param>
    sealed record Delivery(
        StreamTable Table, IReadOnlyList<StreamEntry> Entries, IReadOnlyList<(int Entity, EntityMessage Message)> Messages, long Oldest, RecentSpan Recent);
}
