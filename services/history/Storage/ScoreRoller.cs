using Forewarn.History.RollUps;
using Npgsql;

namespace Forewarn.History.Storage;

/// <summary>Rolls up verdicts: highest score, smallest p, number of ticks and of anomalous ones, per cadence.</summary>
sealed class ScoreRoller(Partitions partitions) : IStreamRoller
{
    static readonly string ToTenSeconds = FromRaw(Level.TenSeconds, " WHERE k.t >= $6");
    static readonly string ToMinutes = $"WITH stored AS ({FromRaw(Level.Minute, "")} RETURNING ticks) SELECT coalesce(sum(ticks), 0) FROM stored";
    static readonly string ToHours = Insert(
        Level.Hour, "min(k.p)", "max(k.score)", "sum(k.ticks)", "sum(k.anomalies)", RollJobs.From(Partitions.Predictions + Level.Minute.Suffix));

    public StreamTable Table => StreamTable.Predictions;

    public async Task<RollCount> RollMinutesAsync(NpgsqlConnection connection, RollJobs jobs, long keepFrom, CancellationToken cancellationToken)
    {
        await EnsureAsync(Level.Minute, jobs, 0, cancellationToken);
        await EnsureAsync(Level.TenSeconds, jobs, keepFrom, cancellationToken);
        await using var minutes = jobs.On(connection, ToMinutes);
        await using var tenSeconds = jobs.On(connection, ToTenSeconds);
        tenSeconds.Parameters.Add(RangeReader.Time(keepFrom));
        await tenSeconds.ExecuteNonQueryAsync(cancellationToken);
        var rows = (long)(await minutes.ExecuteScalarAsync(cancellationToken))!;
        return new RollCount(rows, rows);
    }

    // Rows are so small that those of many minutes share a page anyway.
    public async Task RollHoursAsync(NpgsqlConnection connection, RollJobs jobs, bool settle, CancellationToken cancellationToken)
    {
        await EnsureAsync(Level.Hour, jobs, 0, cancellationToken);
        await using var hours = jobs.On(connection, ToHours);
        await hours.ExecuteNonQueryAsync(cancellationToken);
    }

    Task EnsureAsync(Level level, RollJobs jobs, long keepFrom, CancellationToken cancellationToken)
    {
        var days = jobs.Spans.SelectMany(span => new[] { span.From, span.To - 1 }).Where(t => t >= keepFrom).Select(Partitions.DayOf).Distinct();
        return partitions.EnsureAsync(Partitions.Predictions + level.Suffix, days, cancellationToken);
    }

    static string FromRaw(Level level, string where) => Insert(
        level, "min(k.p)", "max(k.score)", "count(*)", "count(*) FILTER (WHERE k.anomalous)", RollJobs.From(Partitions.Predictions) + where);

    static string Insert(Level level, string p, string score, string ticks, string anomalies, string from) => $"""
        INSERT INTO history.predictions{level.Suffix} (t, p, entity, cadence_ms, score, ticks, anomalies)
        SELECT date_bin('{level.WidthMs} ms', k.t, 'epoch'), {p}, k.entity, k.cadence_ms, {score}, {ticks}, {anomalies}
        {from}
        GROUP BY 1, 3, 4
        ON CONFLICT (entity, t, cadence_ms) DO UPDATE
        SET p = excluded.p, score = excluded.score, ticks = excluded.ticks, anomalies = excluded.anomalies
        """;
}
