using System.Collections.Concurrent;
using System.Text.Json;
using Dapr.Client;
using Forewarn.Contracts;

namespace Forewarn.Hosting;

/// <summary>A schema that a message names lies in no store: the message cannot be understood yet.</summary>
public sealed class SchemaMissingException(string hash)
    : Exception($"Schema {hash} is not in the schema store; its publisher may not have written it yet.");

/// <summary>
/// Series schemas by hash, in the shared state store. Publishers write a schema before the first message that names it;
/// schemas are immutable, so a reader keeps what it has read.
/// </summary>
public sealed class SchemaRegistry(DaprClient dapr)
{
    readonly ConcurrentDictionary<string, SeriesSchema> _known = new(StringComparer.Ordinal);

    /// <summary>Makes the schema readable for everyone; returns at once when this process has done so before.</summary>
    public async ValueTask PublishAsync(SeriesSchema schema, CancellationToken cancellationToken)
    {
        if (_known.ContainsKey(schema.Hash))
            return;
        var bytes = JsonSerializer.SerializeToUtf8Bytes(schema, ContractJson.Default.SeriesSchema);
        await dapr.SaveByteStateAsync(Components.Schemas, schema.Hash, bytes, cancellationToken: cancellationToken);
        _known[schema.Hash] = schema;
    }

    /// <exception cref="SchemaMissingException">Nobody has written it.</exception>
    public async ValueTask<SeriesSchema> GetAsync(string hash, CancellationToken cancellationToken)
    {
        if (_known.TryGetValue(hash, out var known))
            return known;
        var bytes = await dapr.GetByteStateAsync(Components.Schemas, hash, cancellationToken: cancellationToken);
        if (bytes.IsEmpty)
            throw new SchemaMissingException(hash);
        var schema = JsonSerializer.Deserialize(bytes.Span, ContractJson.Default.SeriesSchema) ?? throw new SchemaMissingException(hash);
        return _known.GetOrAdd(hash, schema);
    }
}
