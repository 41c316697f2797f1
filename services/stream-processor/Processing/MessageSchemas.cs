using System.Text.Json;
using Forewarn.Contracts;
using Forewarn.Hosting;

namespace Forewarn.StreamProcessor;

/// <summary>A message with its columns.</summary>
readonly record struct ReadableBatch(MetricBatch Batch, SeriesSchema Schema);

/// <summary>Finds the columns of messages, before anything is changed. What can never be understood goes to the dead topic.</summary>
sealed class MessageSchemas(SchemaRegistry schemas, DeadLetters deadLetters, TimeProvider time)
{
    /// <summary>A schema is written before the first message that names it; one that is missing for this long was lost.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <returns>Messages by entity, in the order of the delivery.</returns>
    /// <exception cref="SchemaMissingException">A schema is not there yet; the delivery is to be repeated.</exception>
    public async Task<Dictionary<string, List<ReadableBatch>>> ResolveAsync(IReadOnlyList<MetricBatch> messages, CancellationToken cancellationToken)
    {
        var byEntity = new Dictionary<string, List<ReadableBatch>>(messages.Count, StringComparer.Ordinal);
        foreach (var message in messages)
        {
            if (await SchemaOfAsync(message, cancellationToken) is not { } schema)
                continue;
            if (!byEntity.TryGetValue(message.Entity, out var batches))
                byEntity[message.Entity] = batches = [];
            batches.Add(new ReadableBatch(message, schema));
        }
        return byEntity;
    }

    async ValueTask<SeriesSchema?> SchemaOfAsync(MetricBatch message, CancellationToken cancellationToken)
    {
        SeriesSchema schema;
        try
        {
            schema = await schemas.GetAsync(message.Schema, cancellationToken);
        }
        catch (SchemaMissingException missing) when (IsOld(message))
        {
            await RefuseAsync(message, missing.Message, cancellationToken);
            return null;
        }
        foreach (var row in message.Rows)
        {
            if (row.Values.Length == schema.Columns.Count)
                continue;
            await RefuseAsync(message, $"A row has {row.Values.Length} values, its schema {schema.Columns.Count} columns.", cancellationToken);
            return null;
        }
        return schema;
    }

    bool IsOld(MetricBatch message) =>
        time.GetUtcNow().ToUnixTimeMilliseconds() - message.Stamps.Received > Patience.TotalMilliseconds;

    Task RefuseAsync(MetricBatch message, string reason, CancellationToken cancellationToken) => deadLetters.PublishAsync(
        Topics.MetricsRaw, reason, JsonSerializer.SerializeToUtf8Bytes(message, ContractJson.Default.MetricBatch), cancellationToken);
}
