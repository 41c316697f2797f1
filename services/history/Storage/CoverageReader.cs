using Forewarn.History.RollUps;
using Npgsql;

namespace Forewarn.History.Storage;

/// <summary>Reads how far roll-ups reach.</summary>
static class CoverageReader
{
    /// <summary>Of one entity, with the late minutes from <paramref name="from"/> to <paramref name="to"/> and an hour around them.</summary>
    public static async Task<Coverage> ReadAsync(NpgsqlConnection connection, char stream, int entity, long from, long to, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("""
            SELECT r.since, r.rolled_hours, r.rolled, ARRAY[r.kept_raw, r.kept_10s, r.kept_1m, r.kept_1h], ARRAY(
                SELECT DISTINCT l.minute FROM history.late l
                WHERE l.stream = $1 AND l.entity = $2 AND l.minute >= $3 AND l.minute < $4 ORDER BY l.minute)
            FROM history.roll_ups r WHERE r.stream = $1
            """, connection)
        {
            Parameters =
            {
                Seal.Stream(stream), new() { Value = entity },
                RangeReader.Time(Math.Max(0, from - Level.Hour.WidthMs)), RangeReader.Time(to + Level.Hour.WidthMs),
            },
        };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken))
            return Coverage.None;
        return new Coverage(
            RangeReader.UnixMs(reader.GetDateTime(0)), RangeReader.UnixMs(reader.GetDateTime(1)), RangeReader.UnixMs(reader.GetDateTime(2)),
            [.. (await reader.GetFieldValueAsync<DateTime[]>(3, cancellationToken)).Select(RangeReader.UnixMs)],
            [.. (await reader.GetFieldValueAsync<DateTime[]>(4, cancellationToken)).Select(RangeReader.UnixMs)]);
    }
}
