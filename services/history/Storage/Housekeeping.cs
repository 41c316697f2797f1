using Forewarn.History.RollUps;
using Npgsql;
using NpgsqlTypes;

namespace Forewarn.History.Storage;

/// <summary>What must happen now and then: partitions ahead, retention, old watermarks.</summary>
sealed class Housekeeping(NpgsqlDataSource database, Partitions partitions, Watermarks watermarks, HistoryOptions options, TimeProvider time, ILogger<Housekeeping> logger)
{
    /// <summary>A publisher whose messages came with more gaps than this has lost them for good; one range is kept of it.</summary>
    const int MostRanges = 64;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await PrepareDaysAsync(cancellationToken);
        var now = time.GetUtcNow();
        for (var level = 0; level < Level.All.Count; level++)
            await DropAsync(level, now, cancellationToken);
        foreach (var table in StreamTable.All)
            await DropPackedAsync(table, cancellationToken);
        await DropBeforeAsync(Partitions.Outlooks, options.MinuteDays, now, cancellationToken);
        await ExecuteAsync("DELETE FROM history.entity_schemas WHERE last_seen < $1", now.AddDays(-options.DaysPerLevel.Max()), cancellationToken);
        await watermarks.TidyAsync(now.AddDays(-options.WatermarkDays), MostRanges, cancellationToken);
    }

    /// <summary>Yesterday (late data), today and two days ahead.</summary>
    public async Task PrepareDaysAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        foreach (var table in StreamTable.All)
        {
            await partitions.EnsureRecentAsync(table, now, cancellationToken);
            foreach (var name in Level.All.Select(level => table.Name + level.Suffix).Concat(partitions.PacksMinutes ? [table.Packed] : []))
                await EnsureDaysAsync(name);
        }
        await EnsureDaysAsync(Partitions.Outlooks);

        Task EnsureDaysAsync(string name) => partitions.EnsureAsync(name, Enumerable.Range(-1, 4).Select(today.AddDays), cancellationToken);
    }

    async Task DropAsync(int level, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var days = options.DaysPerLevel[level];
        var oldest = OldestOf(days, now);
        foreach (var table in StreamTable.All)
        {
            var name = table.Name + Level.All[level].Suffix;
            // Noted before it is done, so that nobody takes what is gone for a time in which nothing was measured.
            var kept = await partitions.KeptFromAsync(name, oldest, cancellationToken);
            await NoteKeptAsync(table.Stream, Level.All[level], kept, cancellationToken);
            string[] names = level == 0 && partitions.PacksMinutes ? [name, table.Packed, table.Recent] : [name];
            foreach (var one in names)
                await DropBeforeAsync(one, days, now, cancellationToken);
        }
    }

    async Task DropBeforeAsync(string table, int days, DateTimeOffset now, CancellationToken cancellationToken)
    {
        foreach (var dropped in await partitions.DropBeforeAsync(table, OldestOf(days, now), cancellationToken))
            Log.PartitionDropped(logger, dropped, days);
    }

    static DateOnly OldestOf(int days, DateTimeOffset now) => DateOnly.FromDateTime(now.UtcDateTime.AddDays(-days));

    /// <summary>Hours whose rows are packed, but for the last one: who reads may have begun before they were, and finds them there.</summary>
    async Task DropPackedAsync(StreamTable table, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("SELECT rolled FROM history.roll_ups WHERE stream = $1");
        command.Parameters.Add(Seal.Stream(table.Stream));
        if (await command.ExecuteScalarAsync(cancellationToken) is not DateTime rolled)
            return;
        foreach (var dropped in await partitions.DropRecentAsync(table, RangeReader.UnixMs(rolled) - Level.Hour.WidthMs, cancellationToken))
            Log.PackedDropped(logger, dropped);
    }

    async Task NoteKeptAsync(char stream, Level level, long from, CancellationToken cancellationToken)
    {
        var column = level == Level.Raw ? "kept_raw" : "kept" + level.Suffix;
        await using var command = database.CreateCommand($"UPDATE history.roll_ups SET {column} = $2 WHERE stream = $1 AND {column} < $2");
        command.Parameters.Add(Seal.Stream(stream));
        command.Parameters.Add(RangeReader.Time(from));
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    async Task ExecuteAsync(string sql, DateTimeOffset at, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(sql);
        command.Parameters.Add(new() { Value = at.UtcDateTime, NpgsqlDbType = NpgsqlDbType.TimestampTz });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
