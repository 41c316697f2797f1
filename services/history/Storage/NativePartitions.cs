using System.Collections.Concurrent;
using System.Globalization;
using Forewarn.History.RollUps;
using Npgsql;

namespace Forewarn.History.Storage;

/// <summary>
/// PostgreSQL's own partitions, a day long, those of hours a month and those of rows that will be packed an hour: made before
/// they are needed, dropped when they are too old.
/// </summary>
sealed class NativePartitions(NpgsqlDataSource database) : IPartitioning
{
    const long HourMs = 3_600_000;

    readonly ConcurrentDictionary<(string Table, long From), bool> _known = new();

    public bool PacksMinutes => true;

    public async Task EnsureAsync(string table, IEnumerable<DateOnly> days, CancellationToken cancellationToken)
    {
        foreach (var first in days.Select(day => FirstOf(table, day)).Distinct())
        {
            var from = Partitions.BeginOf(first);
            if (_known.ContainsKey((table, from)))
                continue;
            await using var command = database.CreateCommand("SELECT history.ensure_partition($1, $2, $3)");
            command.Parameters.Add(new() { Value = table });
            command.Parameters.Add(new() { Value = first });
            command.Parameters.Add(new() { Value = NextOf(table, first) });
            await command.ExecuteNonQueryAsync(cancellationToken);
            _known[(table, from)] = true;
        }
    }

    /// <summary>The hour before, this one and the next.</summary>
    public async Task<RecentSpan> EnsureRecentAsync(string table, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var hour = Level.Hour.Floor(now.ToUnixTimeMilliseconds());
        var span = new RecentSpan(hour - HourMs, hour + (2 * HourMs));
        for (var from = span.From; from < span.To; from += HourMs)
        {
            if (_known.ContainsKey((table, from)))
                continue;
            await using var command = database.CreateCommand("SELECT history.ensure_hour($1, $2)");
            command.Parameters.Add(new() { Value = table });
            command.Parameters.Add(RangeReader.Time(from));
            await command.ExecuteNonQueryAsync(cancellationToken);
            _known[(table, from)] = true;
        }
        return span;
    }

    public void Forget() => _known.Clear();

    public async Task<IReadOnlyList<Partition>> ListAsync(string table, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            "SELECT c.relname::text FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = to_regclass($1) ORDER BY 1");
        command.Parameters.Add(new() { Value = $"history.{table}" });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var partitions = new List<Partition>();
        while (await reader.ReadAsync(cancellationToken))
        {
            var name = reader.GetString(0);
            if (TryReadHour(table, name, out var hour))
                partitions.Add(new Partition(name, hour, hour + HourMs));
            else if (TryReadFirst(table, name, out var first))
                partitions.Add(new Partition(name, Partitions.BeginOf(first), Partitions.BeginOf(NextOf(table, first))));
        }
        return partitions;
    }

    public Task<long> KeptFromAsync(string table, DateOnly oldest, CancellationToken cancellationToken) =>
        Task.FromResult(Partitions.BeginOf(FirstOf(table, oldest)));

    public Task<IReadOnlyList<string>> DropBeforeAsync(string table, DateOnly oldest, CancellationToken cancellationToken) =>
        DropRecentAsync(table, Partitions.BeginOf(oldest), cancellationToken);

    public async Task<IReadOnlyList<string>> DropRecentAsync(string table, long before, CancellationToken cancellationToken)
    {
        var old = (await ListAsync(table, cancellationToken)).Where(partition => partition.To <= before).Select(partition => partition.Name).ToList();
        foreach (var name in old)
        {
            // Dropping waits for everyone who uses the table and makes others wait meanwhile: give up early, come again later.
            await using var command = database.CreateCommand($"SET LOCAL lock_timeout = '2s'; DROP TABLE IF EXISTS history.\"{name}\"");
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
        if (old.Count > 0)
            Forget();
        return old;
    }

    public Task BeforeRewriteAsync(NpgsqlConnection connection, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>First day of the partition that holds a day.</summary>
    static DateOnly FirstOf(string table, DateOnly day) => Partitions.IsMonthly(table) ? day.AddDays(1 - day.Day) : day;

    static DateOnly NextOf(string table, DateOnly first) => Partitions.IsMonthly(table) ? first.AddMonths(1) : first.AddDays(1);

    static bool TryReadHour(string table, string name, out long hour)
    {
        var read = DateTimeOffset.TryParseExact(
            name.AsSpan(Math.Min(name.Length, table.Length + 1)), "yyyyMMddHH", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var begin);
        hour = begin.ToUnixTimeMilliseconds();
        return read;
    }

    static bool TryReadFirst(string table, string name, out DateOnly first)
    {
        first = default;
        return name.StartsWith(table + "_", StringComparison.Ordinal)
            && DateOnly.TryParseExact(name.AsSpan(table.Length + 1), "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out first);
    }
}
