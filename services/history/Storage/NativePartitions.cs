using System.Collections.Concurrent;
using System.Globalization;
using Npgsql;

namespace Forewarn.History.Storage;

/// <summary>PostgreSQL's own partitions, a day long and those of hours a month: made before they are needed, dropped when they are too old.</summary>
sealed class NativePartitions(NpgsqlDataSource database) : IPartitioning
{
    readonly ConcurrentDictionary<(string Table, DateOnly First), bool> _known = new();

    public async Task EnsureAsync(string table, IEnumerable<DateOnly> days, CancellationToken cancellationToken)
    {
        foreach (var first in days.Select(day => FirstOf(table, day)).Distinct())
        {
            if (_known.ContainsKey((table, first)))
                continue;
            await using var command = database.CreateCommand("SELECT history.ensure_partition($1, $2, $3)");
            command.Parameters.Add(new() { Value = table });
            command.Parameters.Add(new() { Value = first });
            command.Parameters.Add(new() { Value = NextOf(table, first) });
            await command.ExecuteNonQueryAsync(cancellationToken);
            _known[(table, first)] = true;
        }
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
            if (TryReadFirst(table, name, out var first))
                partitions.Add(new Partition(name, Partitions.BeginOf(first), Partitions.BeginOf(NextOf(table, first))));
        }
        return partitions;
    }

    public Task<long> KeptFromAsync(string table, DateOnly oldest, CancellationToken cancellationToken) =>
        Task.FromResult(Partitions.BeginOf(FirstOf(table, oldest)));

    public async Task<IReadOnlyList<string>> DropBeforeAsync(string table, DateOnly oldest, CancellationToken cancellationToken)
    {
        var end = Partitions.BeginOf(oldest);
        var old = (await ListAsync(table, cancellationToken)).Where(partition => partition.To <= end).Select(partition => partition.Name).ToList();
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

    static bool TryReadFirst(string table, string name, out DateOnly first)
    {
        first = default;
        return name.StartsWith(table + "_", StringComparison.Ordinal)
            && DateOnly.TryParseExact(name.AsSpan(table.Length + 1), "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out first);
    }
}
