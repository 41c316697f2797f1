using Npgsql;
using NpgsqlTypes;

namespace Forewarn.History.Storage;

/// <summary>What must happen now and then: partitions ahead, retention, old watermarks.</summary>
sealed class Housekeeping(NpgsqlDataSource database, Partitions partitions, HistoryOptions options, TimeProvider time, ILogger<Housekeeping> logger)
{
    /// <summary>A publisher whose messages came with more gaps than this has lost them for good; one range is kept of it.</summary>
    const int MostRanges = 64;

    static readonly string[] Tables = [Partitions.Ticks, Partitions.Predictions];

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await PrepareDaysAsync(cancellationToken);
        var now = time.GetUtcNow();
        var cutoff = now.AddDays(-options.RetentionDays);
        foreach (var table in Tables)
        {
            foreach (var dropped in await partitions.DropBeforeAsync(table, DateOnly.FromDateTime(cutoff.UtcDateTime), cancellationToken))
                Log.PartitionDropped(logger, dropped, options.RetentionDays);
        }
        await ExecuteAsync("DELETE FROM history.entity_schemas WHERE last_seen < $1", cutoff, cancellationToken);
        await ExecuteAsync("DELETE FROM history.watermarks WHERE seen < $1", now.AddDays(-options.WatermarkDays), cancellationToken);
        await ExecuteAsync(
            $"""
            UPDATE history.watermarks SET applied = int8multirange(range_merge(applied)), before = '{"{}"}'
            WHERE seen < $1 AND (SELECT count(*) FROM unnest(applied)) > {MostRanges}
            """, now, cancellationToken);
    }

    /// <summary>Yesterday (late data), today and two days ahead.</summary>
    public async Task PrepareDaysAsync(CancellationToken cancellationToken)
    {
        var today = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
        foreach (var table in Tables)
            await partitions.EnsureAsync(table, Enumerable.Range(-1, 4).Select(today.AddDays), cancellationToken);
    }

    async Task ExecuteAsync(string sql, DateTimeOffset at, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(sql);
        command.Parameters.Add(new() { Value = at.UtcDateTime, NpgsqlDbType = NpgsqlDbType.TimestampTz });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
