using System.Collections.Concurrent;
using System.Text.Json;
using Forewarn.Contracts;
using Npgsql;
using NpgsqlTypes;

namespace Forewarn.History.Storage;

/// <summary>A schema and its number in this database.</summary>
sealed record StoredSchema(int Id, SeriesSchema Schema);

/// <summary>A schema holds text that PostgreSQL cannot.</summary>
sealed class SchemaUnstorableException(string hash) : Exception($"A name, unit or label in schema {hash} holds a NUL character.");

/// <summary>Where the columns of a schema are read that this database has not seen yet.</summary>
delegate ValueTask<SeriesSchema> SchemaSource(string hash, CancellationToken cancellationToken);

/// <summary>Schemas by hash and by number; they never change, so what was read once is kept.</summary>
sealed class SchemaCatalog(NpgsqlDataSource database, SchemaSource source)
{
    readonly ConcurrentDictionary<string, StoredSchema> _byHash = new(StringComparer.Ordinal);
    readonly ConcurrentDictionary<int, StoredSchema> _byId = new();

    /// <exception cref="Hosting.SchemaMissingException">The schema store does not know it.</exception>
    /// <exception cref="SchemaUnstorableException">It holds a NUL character.</exception>
    public async ValueTask<StoredSchema> GetAsync(string hash, CancellationToken cancellationToken)
    {
        if (_byHash.TryGetValue(hash, out var known))
            return known;
        var schema = await source(hash, cancellationToken);
        if (schema.Columns.Any(HasNul))
            throw new SchemaUnstorableException(hash);
        var id = await StoreAsync(schema, cancellationToken);
        return Keep(new StoredSchema(id, schema));
    }

    public async ValueTask<StoredSchema> GetAsync(int id, CancellationToken cancellationToken)
    {
        if (_byId.TryGetValue(id, out var known))
            return known;
        await using var command = database.CreateCommand("""
            SELECT s.hash, c.series, c.name, c.unit, c.labels::text, c.upper_limit
            FROM history.schemas s JOIN history.columns c ON c.schema = s.id WHERE s.id = $1 ORDER BY c.ordinal
            """);
        command.Parameters.Add(new() { Value = id });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var hash = "";
        var columns = new List<SeriesColumn>();
        while (await reader.ReadAsync(cancellationToken))
        {
            hash = reader.GetString(0);
            columns.Add(new SeriesColumn
            {
                Id = reader.GetString(1),
                Name = reader.GetString(2),
                Unit = reader.GetString(3),
                Labels = JsonSerializer.Deserialize(reader.GetString(4), HistoryJson.Default.DictionaryStringString)!,
                Limit = await reader.IsDBNullAsync(5, cancellationToken) ? null : reader.GetDouble(5),
            });
        }
        return Keep(new StoredSchema(id, new SeriesSchema { Hash = hash, Columns = columns }));
    }

    static bool HasNul(SeriesColumn column) =>
        column.Labels.SelectMany(label => new[] { label.Key, label.Value }).Append(column.Id).Append(column.Name).Append(column.Unit)
            .Any(text => text.Contains('\0', StringComparison.Ordinal));

    StoredSchema Keep(StoredSchema schema)
    {
        _byHash[schema.Schema.Hash] = schema;
        return _byId.GetOrAdd(schema.Id, schema);
    }

    async Task<int> StoreAsync(SeriesSchema schema, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var insert = new NpgsqlCommand("INSERT INTO history.schemas (hash) VALUES ($1) ON CONFLICT DO NOTHING RETURNING id", connection);
        insert.Parameters.Add(new() { Value = schema.Hash });
        if (await insert.ExecuteScalarAsync(cancellationToken) is int id)
        {
            await CopyColumnsAsync(connection, id, schema.Columns, cancellationToken);
        }
        else
        {
            await using var select = new NpgsqlCommand("SELECT id FROM history.schemas WHERE hash = $1", connection);
            select.Parameters.Add(new() { Value = schema.Hash });
            id = (int)(await select.ExecuteScalarAsync(cancellationToken))!;
        }
        await transaction.CommitAsync(cancellationToken);
        return id;
    }

    static async Task CopyColumnsAsync(NpgsqlConnection connection, int schema, IReadOnlyList<SeriesColumn> columns, CancellationToken cancellationToken)
    {
        await using var copy = await connection.BeginBinaryImportAsync(
            "COPY history.columns (schema, ordinal, series, name, unit, labels, upper_limit) FROM STDIN (FORMAT BINARY)", cancellationToken);
        for (var i = 0; i < columns.Count; i++)
        {
            var column = columns[i];
            await copy.StartRowAsync(cancellationToken);
            await copy.WriteAsync(schema, NpgsqlDbType.Integer, cancellationToken);
            await copy.WriteAsync(i + 1, NpgsqlDbType.Integer, cancellationToken);
            await copy.WriteAsync(column.Id, NpgsqlDbType.Text, cancellationToken);
            await copy.WriteAsync(column.Name, NpgsqlDbType.Text, cancellationToken);
            await copy.WriteAsync(column.Unit, NpgsqlDbType.Text, cancellationToken);
            await copy.WriteAsync(
                JsonSerializer.Serialize(new Dictionary<string, string>(column.Labels, StringComparer.Ordinal), HistoryJson.Default.DictionaryStringString),
                NpgsqlDbType.Jsonb, cancellationToken);
            if (column.Limit is { } limit)
                await copy.WriteAsync(limit, NpgsqlDbType.Double, cancellationToken);
            else
                await copy.WriteNullAsync(cancellationToken);
        }
        await copy.CompleteAsync(cancellationToken);
    }
}
