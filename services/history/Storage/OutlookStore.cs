using System.Collections.Concurrent;
using System.Text.Json;
using Forewarn.Contracts;
using Forewarn.History.RollUps;
using Forewarn.Hosting;
using Npgsql;
using NpgsqlTypes;

namespace Forewarn.History.Storage;

/// <summary>
/// Keeps of each minute the first outlook of an entity and cadence: bands change slowly, and one that came every ten seconds would
/// cost as much as a third of the samples of a host. Storing the same again changes nothing, in whatever order outlooks come.
/// </summary>
sealed class OutlookStore(
    NpgsqlDataSource database, EntityCatalog entities, SchemaCatalog schemas, Partitions partitions, HistoryOptions options, StorageState state, TimeProvider time)
{
    const string Insert = """
        INSERT INTO history.outlooks (t, entity, cadence_ms, schema, lower, upper, forecasts) VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING
        """;

    /// <summary>The newest minute that is stored, so that most outlooks are left out without asking the database.</summary>
    readonly ConcurrentDictionary<(string Entity, int CadenceMs), long> _newest = new();

    /// <exception cref="NpgsqlException">Nothing of this call was stored.</exception>
    public async Task StoreAsync(IEnumerable<PredictionBatch> batches, CancellationToken cancellationToken)
    {
        var oldest = time.GetUtcNow().AddDays(-options.MinuteDays).ToUnixTimeMilliseconds();
        // In one order: two replicas with the same minutes must not lock each other out.
        var first = batches.Where(batch => batch.Outlook is not null && batch.Ticks.Count > 0)
            .Select(batch => (Batch: batch, Minute: Level.Minute.Floor(batch.Ticks[^1].T)))
            .Where(one => one.Minute >= oldest && _newest.GetValueOrDefault((one.Batch.Entity, one.Batch.CadenceMs), -1) != one.Minute)
            .GroupBy(one => (one.Batch.Entity, one.Batch.CadenceMs, one.Minute))
            .OrderBy(group => group.Key.Entity, StringComparer.Ordinal).ThenBy(group => group.Key.CadenceMs).ThenBy(group => group.Key.Minute)
            .Select(group => group.First())
            .ToList();
        if (first.Count == 0)
            return;
        state.EnsureMigrated();
        try
        {
            await WriteAsync(first, cancellationToken);
        }
        catch (NpgsqlException error)
        {
            if (error.SqlState == PostgresErrorCodes.CheckViolation)
                partitions.Forget();
            state.Failed(error);
            throw;
        }
        foreach (var (batch, minute) in first)
            _newest[(batch.Entity, batch.CadenceMs)] = minute;
    }

    async Task WriteAsync(List<(PredictionBatch Batch, long Minute)> outlooks, CancellationToken cancellationToken)
    {
        await entities.EnsureAsync(outlooks.Select(one => one.Batch.Entity), cancellationToken);
        await partitions.EnsureAsync(Partitions.Outlooks, outlooks.Select(one => Partitions.DayOf(one.Minute)).ToHashSet(), cancellationToken);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection, transaction);
        foreach (var (prediction, minute) in outlooks)
        {
            if (await SchemaOfAsync(prediction, cancellationToken) is { } schema)
                batch.BatchCommands.Add(InsertOf(prediction, minute, schema));
        }
        if (batch.BatchCommands.Count > 0)
            await batch.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>Null for an outlook that does not fit its schema, or whose schema is not to be had: the samples it belongs to are in the dead topic, with the reason.</summary>
    async Task<int?> SchemaOfAsync(PredictionBatch batch, CancellationToken cancellationToken)
    {
        try
        {
            var schema = await schemas.GetAsync(batch.Schema, cancellationToken);
            var columns = schema.Schema.Columns.Count;
            return batch.Outlook!.Lower.Length == columns && batch.Outlook.Upper.Length == columns ? schema.Id : null;
        }
        catch (Exception unusable) when (unusable is SchemaMissingException or SchemaUnstorableException)
        {
            return null;
        }
    }

    NpgsqlBatchCommand InsertOf(PredictionBatch batch, long minute, int schema) => new(Insert)
    {
        Parameters =
        {
            RangeReader.Time(minute),
            new() { Value = entities[batch.Entity] },
            new() { Value = batch.CadenceMs },
            new() { Value = schema },
            new() { Value = batch.Outlook!.Lower },
            new() { Value = batch.Outlook.Upper },
            new()
            {
                Value = batch.Outlook.Forecasts is { Count: > 0 } forecasts ? JsonSerializer.Serialize(forecasts, ContractJson.Default.IReadOnlyListForecast) : DBNull.Value,
                NpgsqlDbType = NpgsqlDbType.Jsonb,
            },
        },
    };
}
