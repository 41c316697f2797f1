using System.Collections.Concurrent;
using System.Globalization;
using Forewarn.History.RollUps;
using Npgsql;

namespace Forewarn.History.Storage;

/// <summary>
/// The partitions of <c>ticks</c>, <c>predictions</c> and their roll-ups, a day long and those of hours a month: made before
/// they are needed, dropped when they are too old.
/// </summary>
sealed class Partitions(NpgsqlDataSource database)
{
    public const string Ticks = "ticks";
    public const string Predictions = "predictions";

    readonly ConcurrentDictionary<(string Table, DateOnly First), bool> _known = new();

    public static DateOnly DayOf(long unixMs) => DateOnly.FromDateTime(DateTimeOffset.FromUnixTimeMilliseconds(unixMs).UtcDateTime);

    /// <summary>Begin of a day in unix milliseconds.</summary>
    public static long BeginOf(DateOnly day) => new DateTimeOffset(day, TimeOnly.MinValue, TimeSpan.Zero).ToUnixTimeMilliseconds();

    /// <summary>First day of the partition that holds a day.</summary>
    public static DateOnly FirstOf(string table, DateOnly day) => IsMonthly(table) ? day.AddDays(1 - day.Day) : day;

    /// <summary>Makes the partitions of these days unless they are there.</summary>
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

    /// <summary>After a row found no partition: somebody else removed it, so ask the database again.</summary>
    public void Forget() => _known.Clear();

    /// <summary>Drops the partitions that lie before <paramref name="oldest"/> as a whole; returns their names.</summary>
    public async Task<IReadOnlyList<string>> DropBeforeAsync(string table, DateOnly oldest, CancellationToken cancellationToken)
    {
        var old = new List<string>();
        foreach (var name in await ListAsync(table, cancellationToken))
        {
            if (TryReadFirst(table, name, out var first) && NextOf(table, first) <= oldest)
                old.Add(name);
        }
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

    public async Task<IReadOnlyList<string>> ListAsync(string table, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            "SELECT c.relname::text FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = to_regclass($1) ORDER BY 1");
        command.Parameters.Add(new() { Value = $"history.{table}" });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var names = new List<string>();
        while (await reader.ReadAsync(cancellationToken))
            names.Add(reader.GetString(0));
        return names;
    }

    /// <summary>The first day that has a partition; null when there is none.</summary>
    public async Task<DateOnly?> OldestAsync(string table, CancellationToken cancellationToken)
    {
        foreach (var name in await ListAsync(table, cancellationToken))
        {
            if (TryReadFirst(table, name, out var first))
                return first;
        }
        return null;
    }

    static bool IsMonthly(string table) => table.EndsWith(Level.Hour.Suffix, StringComparison.Ordinal);

    static DateOnly NextOf(string table, DateOnly first) => IsMonthly(table) ? first.AddMonths(1) : first.AddDays(1);

    static bool TryReadFirst(string table, string name, out DateOnly first)
    {
        first = default;
        return name.StartsWith(table + "_", StringComparison.Ordinal)
            && DateOnly.TryParseExact(name.AsSpan(table.Length + 1), "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out first);
    }
}
