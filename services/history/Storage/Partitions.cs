using System.Collections.Concurrent;
using System.Globalization;
using Npgsql;

namespace Forewarn.History.Storage;

/// <summary>The daily partitions of <c>ticks</c> and <c>predictions</c>: made before they are needed, dropped when they are too old.</summary>
sealed class Partitions(NpgsqlDataSource database)
{
    public const string Ticks = "ticks";
    public const string Predictions = "predictions";

    readonly ConcurrentDictionary<(string Table, DateOnly Day), bool> _known = new();

    public static DateOnly DayOf(long unixMs) => DateOnly.FromDateTime(DateTimeOffset.FromUnixTimeMilliseconds(unixMs).UtcDateTime);

    /// <summary>Makes the partitions of these days unless they are there.</summary>
    public async Task EnsureAsync(string table, IEnumerable<DateOnly> days, CancellationToken cancellationToken)
    {
        foreach (var day in days)
        {
            if (_known.ContainsKey((table, day)))
                continue;
            await using var command = database.CreateCommand("SELECT history.ensure_day($1, $2)");
            command.Parameters.Add(new() { Value = table });
            command.Parameters.Add(new() { Value = day });
            await command.ExecuteNonQueryAsync(cancellationToken);
            _known[(table, day)] = true;
        }
    }

    /// <summary>After a row found no partition: somebody else removed it, so ask the database again.</summary>
    public void Forget() => _known.Clear();

    /// <summary>Drops the partitions whose whole day lies before <paramref name="oldest"/>; returns their names.</summary>
    public async Task<IReadOnlyList<string>> DropBeforeAsync(string table, DateOnly oldest, CancellationToken cancellationToken)
    {
        var old = new List<string>();
        foreach (var name in await ListAsync(table, cancellationToken))
        {
            if (TryReadDay(table, name, out var day) && day < oldest)
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

    static bool TryReadDay(string table, string name, out DateOnly day)
    {
        day = default;
        return name.StartsWith(table + "_", StringComparison.Ordinal)
            && DateOnly.TryParseExact(name.AsSpan(table.Length + 1), "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out day);
    }
}
