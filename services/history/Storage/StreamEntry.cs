using Forewarn.Contracts;
using Npgsql;
using NpgsqlTypes;

namespace Forewarn.History.Storage;

/// <summary>A partitioned table that is filled from a topic.</summary>
/// <param name="Stream">Its mark in the watermarks: publishers count per topic.</param>
/// <param name="Name">Table name.</param>
/// <param name="Copy">The COPY command that takes its rows.</param>
/// <param name="Segments">Columns whose values tell rows apart that belong together when they are compressed.</param>
sealed record StreamTable(char Stream, string Name, string Copy, string Segments)
{
    public static readonly StreamTable Ticks = new('r', Partitions.Ticks,
        "COPY history.ticks (t, entity, schema, values) FROM STDIN (FORMAT BINARY)", "entity, schema");

    public static readonly StreamTable Predictions = new('p', Partitions.Predictions,
        "COPY history.predictions (t, p, entity, cadence_ms, score, extrapolated, anomalous, model) FROM STDIN (FORMAT BINARY)", "entity, cadence_ms");

    public static readonly IReadOnlyList<StreamTable> All = [Ticks, Predictions];
}

/// <summary>One message on its way into a <see cref="StreamTable"/>.</summary>
abstract class StreamEntry
{
    public abstract EntityMessage Message { get; }

    /// <summary>Event times of its rows, unix milliseconds.</summary>
    public abstract IEnumerable<long> Times { get; }

    /// <summary>Number of its schema; 0 when the table does not keep it.</summary>
    public virtual int Schema => 0;

    /// <summary>Writes the rows that are not older than <paramref name="oldest"/>.</summary>
    public abstract Task<StoredCount> CopyAsync(NpgsqlBinaryImporter copy, int entity, long oldest, CancellationToken cancellationToken);

    protected static Task WriteTimeAsync(NpgsqlBinaryImporter copy, long unixMs, CancellationToken cancellationToken) =>
        copy.WriteAsync(DateTimeOffset.FromUnixTimeMilliseconds(unixMs).UtcDateTime, NpgsqlDbType.TimestampTz, cancellationToken);
}

sealed class TickEntry(MetricBatch batch, int schema) : StreamEntry
{
    public override EntityMessage Message => batch;
    public override IEnumerable<long> Times => batch.Rows.Select(row => row.T);
    public override int Schema => schema;

    public override async Task<StoredCount> CopyAsync(NpgsqlBinaryImporter copy, int entity, long oldest, CancellationToken cancellationToken)
    {
        int rows = 0, expired = 0;
        var samples = 0L;
        foreach (var row in batch.Rows)
        {
            if (row.T < oldest)
            {
                expired++;
                continue;
            }
            await copy.StartRowAsync(cancellationToken);
            await WriteTimeAsync(copy, row.T, cancellationToken);
            await copy.WriteAsync(entity, NpgsqlDbType.Integer, cancellationToken);
            await copy.WriteAsync(schema, NpgsqlDbType.Integer, cancellationToken);
            await copy.WriteAsync(row.Values, NpgsqlDbType.Array | NpgsqlDbType.Double, cancellationToken);
            rows++;
            foreach (var value in row.Values)
                samples += double.IsNaN(value) ? 0 : 1;
        }
        return new StoredCount(rows, samples, expired);
    }
}

sealed class PredictionEntry(PredictionBatch batch) : StreamEntry
{
    public override EntityMessage Message => batch;
    public override IEnumerable<long> Times => batch.Ticks.Select(tick => tick.T);

    public override async Task<StoredCount> CopyAsync(NpgsqlBinaryImporter copy, int entity, long oldest, CancellationToken cancellationToken)
    {
        int rows = 0, expired = 0;
        foreach (var tick in batch.Ticks)
        {
            if (tick.T < oldest)
            {
                expired++;
                continue;
            }
            await copy.StartRowAsync(cancellationToken);
            await WriteTimeAsync(copy, tick.T, cancellationToken);
            await copy.WriteAsync(tick.P, NpgsqlDbType.Double, cancellationToken);
            await copy.WriteAsync(entity, NpgsqlDbType.Integer, cancellationToken);
            await copy.WriteAsync(batch.CadenceMs, NpgsqlDbType.Integer, cancellationToken);
            await copy.WriteAsync(tick.Score, NpgsqlDbType.Real, cancellationToken);
            await copy.WriteAsync(tick.Extrapolated, NpgsqlDbType.Boolean, cancellationToken);
            await copy.WriteAsync(tick.Anomalous, NpgsqlDbType.Boolean, cancellationToken);
            await copy.WriteAsync(batch.Model, NpgsqlDbType.Text, cancellationToken);
            rows++;
        }
        return new StoredCount(rows, rows, expired);
    }
}
