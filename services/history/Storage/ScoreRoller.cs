using Forewarn.History.RollUps;
using Npgsql;

namespace Forewarn.History.Storage;

/// <summary>
/// Rolls up verdicts: highest score, smallest p, number of ticks and of anomalous ones, per cadence. Where minutes are packed,
/// it packs them first and reads them packed.
/// </summary>
sealed class ScoreRoller(Partitions partitions) : IStreamRoller
{
    static readonly string FromRows = RollJobs.From(Partitions.Predictions);
    static readonly string FromPacked = $"""
        FROM unnest($1, $2, $3) AS j(entity, a, b) CROSS JOIN LATERAL (
            SELECT k.t + u.place * interval '1 millisecond' AS t, entity, cadence_ms, p, score, anomalous FROM {PackedPredictions.Unpacked}
            WHERE entity = j.entity AND k.t >= j.a AND k.t < j.b AND k.t >= $4 AND k.t < $5 OFFSET 0) k
        """;

    static readonly string ToHours = Insert(
        Level.Hour, "min(k.p)", "max(k.score)", "sum(k.ticks)", "sum(k.anomalies)", RollJobs.From(Partitions.Predictions + Level.Minute.Suffix));

    public StreamTable Table => StreamTable.Predictions;

    public async Task<RollCount> RollMinutesAsync(NpgsqlConnection connection, RollJobs jobs, long keepFrom, CancellationToken cancellationToken)
    {
        await EnsureAsync(Table.Name + Level.Minute.Suffix, jobs, 0, cancellationToken);
        await EnsureAsync(Table.Name + Level.TenSeconds.Suffix, jobs, keepFrom, cancellationToken);
        var from = FromRows;
        if (partitions.PacksMinutes)
        {
            await EnsureAsync(Table.Packed, jobs, 0, cancellationToken);
            await using var pack = jobs.On(connection, PackedPredictions.Pack);
            await pack.ExecuteNonQueryAsync(cancellationToken);
            from = FromPacked;
        }
        await using var minutes = jobs.On(connection, ToMinutes(from));
        await using var tenSeconds = jobs.On(connection, ToTenSeconds(from));
        tenSeconds.Parameters.Add(RangeReader.Time(keepFrom));
        await tenSeconds.ExecuteNonQueryAsync(cancellationToken);
        var rows = (long)(await minutes.ExecuteScalarAsync(cancellationToken))!;
        return new RollCount(rows, rows);
    }

    // Rows are so small that those of many minutes share a page anyway.
    public async Task RollHoursAsync(NpgsqlConnection connection, RollJobs jobs, bool settle, CancellationToken cancellationToken)
    {
        await EnsureAsync(Table.Name + Level.Hour.Suffix, jobs, 0, cancellationToken);
        await using var hours = jobs.On(connection, ToHours);
        await hours.ExecuteNonQueryAsync(cancellationToken);
    }

    Task EnsureAsync(string table, RollJobs jobs, long keepFrom, CancellationToken cancellationToken)
    {
        var days = jobs.Spans.SelectMany(span => new[] { span.From, span.To - 1 }).Where(t => t >= keepFrom).Select(Partitions.DayOf).Distinct();
        return partitions.EnsureAsync(table, days, cancellationToken);
    }

    static string ToTenSeconds(string from) => Rolled(Level.TenSeconds, $"{from} WHERE k.t >= $6");

    static string ToMinutes(string from) => $"WITH stored AS ({Rolled(Level.Minute, from)} RETURNING ticks) SELECT coalesce(sum(ticks), 0) FROM stored";

    static string Rolled(Level level, string from) => Insert(level, "min(k.p)", "max(k.score)", "count(*)", "count(*) FILTER (WHERE k.anomalous)", from);

    static string Insert(Level level, string p, string score, string ticks, string anomalies, string from) => $"""
        INSERT INTO history.predictions{level.Suffix} (t, p, entity, cadence_ms, score, ticks, anomalies)
        SELECT date_bin('{level.WidthMs} ms', k.t, 'epoch'), {p}, k.entity, k.cadence_ms, {score}, {ticks}, {anomalies}
        {from}
        GROUP BY 1, 3, 4
        ON CONFLICT (entity, t, cadence_ms) DO UPDATE
        SET p = excluded.p, score = excluded.score, ticks = excluded.ticks, anomalies = excluded.anomalies
        """;
}
